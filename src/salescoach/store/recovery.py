"""Recovery notes: what is typed into a form, kept in a file until it is saved or thrown away.

Each running program has a note of its own under a lock that dies with it: a note whose lock is free was left by a
program that crashed, was killed or lost its power.
"""

from __future__ import annotations

import json
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from salescoach.store.errors import save_failed
from salescoach.store.files import make_folder, read_regular, replace_file
from salescoach.store.locks import Held, locked
from salescoach.store.names import is_id
from salescoach.text import clean

_LIMIT = 4_000_000


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed, and where."""

    title: str
    """The form's heading."""
    fields: tuple[tuple[str, str], ...]
    """Labels with the texts typed."""
    at: datetime
    deal: str = ""
    """The id of the deal it was about; empty when there was none yet."""
    names: tuple[str, ...] = ()
    """The names of the same fields, by which the form can be filled again."""
    path: Path | None = None

    def text(self) -> str:
        """Return everything that was typed, a line or more a field; of a single field only its text."""
        if len(self.fields) == 1:
            return self.fields[0][1]
        return "\n".join(f"{label}: {text}" for label, text in self.fields if text)


class RecoveryNote:
    """The note of one running program below `folder`."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"{uuid4()}.json"
        self._held = ExitStack()
        self._locked = False

    def keep(self, draft: Draft) -> None:
        """Keep this draft in place of the one before, durably. Raises SaveFailed."""
        data = {
            "title": draft.title,
            "fields": [list(field) for field in draft.fields],
            "at": draft.at.isoformat(),
            "deal": draft.deal,
            "names": list(draft.names),
        }
        try:
            make_folder(self._path.parent)
            if not self._locked:
                self._held.enter_context(locked(_lock(self._path), 0))
                self._locked = True
            replace_file(self._path, json.dumps(data, ensure_ascii=False, indent=1).encode())
        except (OSError, Held) as error:
            cause = error if isinstance(error, OSError) else OSError(str(error))
            raise save_failed(self._path, cause) from error

    def clear(self) -> None:
        """Throw the note away: what was typed is saved, or was given up."""
        for path in (self._path, _lock(self._path)):
            with suppress(OSError):
                path.unlink()
        self._held.close()
        self._locked = False


def left_behind(folder: Path) -> list[Draft]:
    """Return the drafts of programs that are gone, the oldest first; a note that cannot be read is left alone."""
    found: list[Draft] = []
    with suppress(OSError):
        for path in folder.glob("*.json"):
            with suppress(OSError, ValueError, KeyError, TypeError, Held), locked(_lock(path), 0):
                found.append(_read(path))
    return sorted(found, key=lambda draft: draft.at)


def discard(draft: Draft) -> None:
    """Remove a draft that was left behind. Raises OSError."""
    if draft.path is not None:
        draft.path.unlink(missing_ok=True)
        _lock(draft.path).unlink(missing_ok=True)


def _read(path: Path) -> Draft:
    data = json.loads(read_regular(path, _LIMIT)[0])
    at = datetime.fromisoformat(data["at"])
    if at.tzinfo is None or not is_id(path.stem):
        raise ValueError("not a recovery note")
    fields = tuple((clean(str(a)), clean(str(b), multiline=True)) for a, b in data["fields"])
    deal = str(data["deal"])
    names = tuple(str(name) for name in data.get("names", ()))
    return Draft(clean(str(data["title"])), fields, at, deal if is_id(deal) else "", names, path)


def _lock(path: Path) -> Path:
    return path.with_suffix(".lock")
