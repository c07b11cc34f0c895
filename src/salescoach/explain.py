"""Puts whatever went wrong into one line with its mend, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salescoach.playbook.models import Playbook
    from salescoach.words import Words


def explain(error: Exception, words: Words, playbook: Playbook | None = None) -> str:
    """Return what an error means, with its mend, as one line in the language of `words`."""
    from salescoach.document.errors import DocumentError
    from salescoach.paths import NoHome
    from salescoach.playbook.errors import PlaybookInvalid, Unknown
    from salescoach.settings import SettingRefused
    from salescoach.store.errors import CannotTakeBack, StoreError
    from salescoach.text import clean, local_time, truncate

    if isinstance(error, CannotTakeBack):
        from salescoach.coach.tell import event_text

        entry = error.entry
        told = event_text(words, playbook, entry) if playbook else local_time(entry.at)
        params = {name: truncate(clean(str(value)), 120) for name, value in error.params.items()}
        return words(f"storage.{error.code}", what=truncate(told, 120), **params)
    if isinstance(error, StoreError | SettingRefused | NoHome):
        params = {name: truncate(clean(str(value)), 300) for name, value in error.params.items()}
        if str(params.get("mend", "")).startswith("mend-"):
            params["mend"] = words(f"storage.{params['mend']}")
        if isinstance(error, StoreError):
            params["kind"] = words(f"storage.kind-{error.kind}")
        told = words(f"storage.{error.code}", **params)
        near = ", ".join(clean(name) for name in getattr(error, "near", ()))
        return words("storage.near", error=told, names=truncate(near, 300)) if near else told
    if isinstance(error, DocumentError | Unknown):
        from salescoach.coach.tell import error_text

        return error_text(words, error, playbook)
    if isinstance(error, PlaybookInvalid):
        return error.errors[0].line(words) if error.errors else type(error).__name__
    return truncate(clean(f"{type(error).__name__}: {error}"), 300)
