"""Recovery notes: what is typed into a form, kept in a file until it is saved or thrown away.

Each running program has a note of its own under a lock that dies with it: a note whose lock is free was left by a
program that crashed, was killed or lost its power.
"""

from __future__ import annotations

import json
import threading
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from salescoach.store.errors import save_failed
from salescoach.store.files.atomic import make_folder, read_regular, refuse_link, replace_file
from salescoach.store.files.locks import Held, locked
from salescoach.store.files.names import is_id
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
    document: str = ""
    """The id of the document it was about; empty when there was none yet."""
    names: tuple[str, ...] = ()
    """The names of the same fields, by which the form can be filled again."""
    path: Path | None = None

    def text(self) -> str:
        """Return everything that was typed, a line or more a field; of a single field only its text."""
        if len(self.fields) == 1:
            return self.fields[0][1]
        return "\n".join(f"{label}: {text}" for label, text in self.fields if text)


class RecoveryNote:
    """One note: a file below `folder`, or the one at `path` that was left behind. Its methods may run in any thread."""

    def __init__(self, folder: Path, path: Path | None = None) -> None:
        self.path = path or folder / f"{uuid4()}.json"
        self._held = ExitStack()
        self._locked = False
        self._closed = False
        self._kept: Draft | None = None
        self._writing = threading.Lock()

    def keep(self, draft: Draft) -> None:
        """Keep this draft in place of the one before, durably. Raises SaveFailed. A note that was cleared stays away."""
        with self._writing:
            if self._closed or (
                self._kept is not None and replace(draft, at=self._kept.at) == self._kept
            ):
                return
            data = asdict(draft) | {"at": draft.at.isoformat()}
            del data["path"]
            try:
                refuse_link(self.path.parent)
                make_folder(self.path.parent)
                self._lock()
                replace_file(self.path, json.dumps(data, ensure_ascii=False, indent=1).encode())
            except (OSError, Held) as error:
                cause = error if isinstance(error, OSError) else OSError(str(error))
                raise save_failed(self.path, cause) from error
            self._kept = draft

    def take(self) -> bool:
        """Hold a note that was left behind, and say whether it is there and nobody else holds it."""
        with self._writing, suppress(OSError, Held):
            self._lock()
            if self.path.exists():
                return True
            self._held.close()
        return False

    def let_go(self) -> None:
        """Leave the note for the next start."""
        with self._writing:
            self._held.close()
            self._locked = False

    def clear(self) -> None:
        """Throw the note away: what was typed is saved, or was given up."""
        with self._writing:
            self._closed = True
            for path in (self.path, _lock(self.path)):
                with suppress(OSError):
                    path.unlink()
            self._held.close()
            self._locked = False

    def _lock(self) -> None:
        if not self._locked:
            self._held.enter_context(locked(_lock(self.path), 0))
            self._locked = True


def left_behind(folder: Path) -> list[Draft]:
    """Return the drafts of programs that are gone, the oldest first; a note that cannot be read is left alone."""
    found: list[Draft] = []
    with suppress(OSError):
        for path in folder.glob("*.json"):
            with suppress(OSError, ValueError, KeyError, TypeError, Held), locked(_lock(path), 0):
                found.append(_read(path))
    return sorted(found, key=lambda draft: draft.at)


def _read(path: Path) -> Draft:
    data = json.loads(read_regular(path, _LIMIT)[0])
    at = datetime.fromisoformat(data["at"])
    if at.tzinfo is None or not is_id(path.stem):
        raise ValueError("not a recovery note")
    fields = tuple((clean(str(a)), clean(str(b), multiline=True)) for a, b in data["fields"])
    key = str(data["document"] if "document" in data else data["deal"])  # of earlier programs
    names = tuple(str(name) for name in data.get("names", ()))
    return Draft(clean(str(data["title"])), fields, at, key if is_id(key) else "", names, path)


def _lock(path: Path) -> Path:
    return path.with_suffix(".lock")
