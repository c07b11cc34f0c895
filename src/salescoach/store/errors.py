"""What goes wrong with documents on disk, as codes that any front end can put into words (area `storage`)."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal, Self

if TYPE_CHECKING:
    from salescoach.document.models import Document, Event

_REFUSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class StoreError(Exception):
    """A failure with a `code` (a word of the area `storage`) and the `params` its sentence needs."""

    area = "storage"
    code = "store"
    kind = "document"
    """The name of the kind of document that it is about, where that is known."""

    def __init__(self, **params: object) -> None:
        super().__init__(params)
        self.params = params

    def of(self, kind: str) -> Self:
        """Return the failure as one of a document of the kind with this name, which the sentences about it name."""
        self.kind = kind
        return self

    def __str__(self) -> str:
        return f"{self.code} {self.params}"


class NotFound(StoreError):
    """There is no such document; `near` lists the nearest names."""

    code = "not-found"

    def __init__(self, asked: str, *, near: tuple[str, ...] = ()) -> None:
        super().__init__(asked=asked)
        self.asked = asked
        self.near = near


class FolderGone(StoreError):
    """The folder in which documents were found before is not there, or is another, empty one: a disk or share that went away."""

    code = "folder-gone"

    def __init__(self, path: Path) -> None:
        super().__init__(path=str(path))
        self.path = path


class Ambiguous(StoreError):
    """More than one document fits; `fits` lists them as (id, name)."""

    code = "ambiguous"

    def __init__(self, asked: str, fits: tuple[tuple[str, str], ...]) -> None:
        super().__init__(asked=asked, fits=", ".join(f"{name} ({key[:8]})" for key, name in fits))
        self.asked = asked
        self.fits = fits


class AlreadyThere(StoreError):
    """A document with this id exists; nothing was written."""

    code = "already-there"

    def __init__(self, key: str) -> None:
        super().__init__(id=key)


class Damaged(StoreError):
    """A file that is no document any more: `reason` is one of `REASONS`, `detail` says where. The file stays as it is."""

    REASONS: ClassVar[tuple[str, ...]] = (
        "empty",
        "nul",
        "not-utf8",
        "not-json",
        "not-a-number",
        "duplicate-key",
        "too-deep",
        "too-large",
        "not-a-document",
        "out-of-range",
        "wrong-id",
        "symlink",
        "not-a-file",
    )

    def __init__(self, path: Path, reason: str, detail: str = "") -> None:
        super().__init__(path=str(path), detail=detail)
        self.code = f"damaged-{reason}"
        self.path = path
        self.reason = reason
        self.detail = detail


class Unreadable(StoreError):
    """The system does not let the file be read; it may be whole."""

    code = "unreadable"

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(path=str(path), detail=_tell(error))
        self.path = path


class NewerSchema(StoreError):
    """A newer program wrote this document: it may be looked at, as far as it can be, and is never written."""

    code = "newer-schema"

    def __init__(self, path: Path, schema: int) -> None:
        super().__init__(path=str(path), schema=schema)
        self.path = path


class Locked(StoreError):
    """Somebody else has been writing this document for too long; `holder` is their process id and command, or empty."""

    def __init__(self, key: str, holder: str) -> None:
        super().__init__(id=key, holder=holder)
        self.code = "locked" if holder else "locked-unknown"
        self.holder = holder


class SaveFailed(StoreError):
    """The change is not on the disk and what was there still is; trying again is safe.

    `reason` is `disk-full`, `read-only`, `link`, `system`, `too-large` or `text`.
    """

    def __init__(self, path: Path, reason: str, detail: str = "") -> None:
        super().__init__(path=str(path), detail=detail)
        self.code = f"save-failed-{reason}"
        self.path = path
        self.reason = reason
        self.detail = detail


class ReadOnly(SaveFailed):
    """The folder or the disk does not let anything be written."""


class Parked(StoreError):
    """A change and what is stored make no valid document together: the stored document is as it was, the other is at `path`."""

    def __init__(self, key: str, path: Path, reason: str, params: dict[str, object]) -> None:
        super().__init__(**params, path=str(path), id=key[:8])
        self.code = f"parked-{reason}"
        self.path = path


class HalfSaved(StoreError):
    """Of the documents that one act changed some could be saved and others not yet; `note` has all of them.

    They are saved by whoever writes next, so that nothing is left half done.
    """

    code = "half-saved"

    def __init__(self, note: Path, cause: StoreError) -> None:
        super().__init__(reason=str(cause.code))
        self.note = note
        self.cause = cause


class CopyStays(StoreError):
    """What a conflict copy holds is saved in its document, but the copy could not be moved away."""

    code = "copy-stays"

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(path=str(path), detail=_tell(error))
        self.path = path


class BackupNotFound(StoreError):
    """There is no file where a backup was to be read."""

    code = "backup-not-found"

    def __init__(self, path: Path) -> None:
        super().__init__(path=str(path))


class BackupRefused(StoreError):
    """A file that this program cannot take for a backup: `reason` is `not-one` or `newer`."""

    def __init__(self, path: Path, reason: str, detail: str = "") -> None:
        super().__init__(path=str(path), detail=detail)
        self.code = f"backup-{reason}"
        self.reason = reason


class BackupDamaged(StoreError):
    """A backup that is not as it was written: `reason` is one of `REASONS`, `detail` says where."""

    REASONS: ClassVar[tuple[str, ...]] = (
        "cut-off",
        "manifest",
        "name",
        "twice",
        "unlisted",
        "link",
        "packing",
        "bomb",
        "total",
        "member",
    )

    def __init__(self, path: Path, reason: str, detail: str = "") -> None:
        super().__init__(path=str(path), detail=detail)
        self.code = f"backup-damaged-{reason}"
        self.reason = reason
        self.detail = detail


class BackupNotVerified(StoreError):
    """What was written for a backup could not be read back; nothing was put in its place."""

    code = "backup-not-verified"

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(path=str(path), detail=detail)


class NotOwn(StoreError):
    """Nothing of one's own is left to be taken back; what comes next is another's, who is asked about first."""

    def __init__(self, event: str, document: Document, way: str, by: str) -> None:
        super().__init__(by=by)
        self.code = f"not-own-{way}" if by else f"not-own-{way}-unnamed"
        self.event = event
        """The timeline's entry of the act; giving it to undo takes the act back."""
        self.document = document
        self.way: Literal["undo", "redo"] = "undo" if way == "undo" else "redo"
        self.by = by


class CannotTakeBack(StoreError):
    """An act cannot be taken back, or done again, by itself: `reason` is the end of the code; `entry` is the timeline's."""

    def __init__(
        self, reason: str, entry: Event, place: tuple[str, ...] = (), **params: object
    ) -> None:
        super().__init__(**params)
        self.code = f"take-back-{reason}"
        self.entry = entry
        self.place = place


class NothingToUndo(StoreError):
    """No act is left that could be taken back and done again."""

    code = "nothing-to-undo"


class NothingToRedo(StoreError):
    """No undo is left to be taken back."""

    code = "nothing-to-redo"


def save_failed(path: Path, error: OSError) -> SaveFailed:
    """Return the failure to raise for a system error met while `path` was being written."""
    place = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else path
    if error.errno in _REFUSED:
        return ReadOnly(place, "read-only", _tell(error))
    reason = "disk-full" if error.errno in _FULL else "system"
    if error.errno == errno.ELOOP:
        reason = "link"
    return SaveFailed(place, reason, _tell(error))


def _tell(error: OSError) -> str:
    return error.strerror or type(error).__name__
