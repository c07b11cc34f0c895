"""Takes what tells of an erased person out of the files of a home: versions, copies, notes and reports, but for the documents.

Documents themselves are changed by an act that leaves tombstones; what is done here is for what that act leaves behind.
"""

from __future__ import annotations

import base64
import json
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from salescoach.document.traces import Traces, scrubbed
from salescoach.store.care.archive import MANIFEST
from salescoach.store.errors import NewerSchema, StoreError
from salescoach.store.files import history
from salescoach.store.files.atomic import NotRegular, TooLarge, read_regular, replace_file
from salescoach.store.files.codec import encode
from salescoach.store.files.names import document_id, is_id, is_temporary
from salescoach.store.files.notes import parsed

if TYPE_CHECKING:
    from salescoach.document.models import Document
    from salescoach.paths import Paths
    from salescoach.store.documents import DocumentStore

Cleared = Callable[["Document"], "Document"]
"""Returns a document without the person; the very same one where it tells nothing of them."""
_LIMIT: Final = 256 * 1024 * 1024
_ESCAPE = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_UNREADABLE: Final = (
    OSError,
    zipfile.BadZipFile,
    ValueError,
    RuntimeError,
    EOFError,
    zlib.error,
    struct.error,
)
"""What reading a zip may raise; RuntimeError where it is encrypted."""
_PACKED = re.compile(rb'"document": ?"([A-Za-z0-9+/]+)')
_ID_START: Final = 36


@dataclass
class Gone:
    """What became of the files that told of somebody."""

    versions: dict[tuple[str, str], int] = field(default_factory=dict)
    """How many versions went, by kind and id of the document: undo leads back no further there."""
    removed: list[Path] = field(default_factory=list)
    rewritten: list[Path] = field(default_factory=list)
    left: list[Path] = field(default_factory=list)
    """Files that tell of the person and could not be changed, or that nobody here may change."""


class Clearing:
    """Clears the files below `paths` of a person: the ids, what the person is known by, and which documents it is about."""

    def __init__(
        self,
        paths: Paths,
        stores: Iterable[DocumentStore[Any]],
        ids: frozenset[str],
        known_by: Traces,
        concerned: frozenset[str],
        cleared: Cleared,
    ) -> None:
        self.paths = paths
        self.stores = tuple(stores)
        self.ids = tuple(one.encode() for one in ids)
        self.known_by = known_by
        self.concerned = concerned
        """The ids of the documents in which the name is the person's."""
        self.cleared = cleared
        self.gone = Gone()

    def run(self) -> Gone:
        """Clear every file. Nothing is raised: what cannot be changed is told as left."""
        for store in self.stores:
            for folder, act in (
                (store.places.history, self._version),
                (store.places.saved, self._removed),
                (store.places.merged, self._removed),
                (store.places.parked, self._copy),
                (store.places.quarantine, self._copy),
            ):
                others = [one.places.folder.name for one in self.stores if one is not store]
                for path in _files(folder, others):
                    self._guarded(act, path, store)
            for path in _files(store.places.folder, (), deep=False):
                if document_id(path.name) is None:
                    self._guarded(self._copy, path, store)
        self._clear_notes()
        return self.gone

    def _clear_notes(self) -> None:
        """Clear what stands beside the documents: drafts, notes of acts that are under way, reports."""
        for path in _files(self.paths.recovery, ()):
            self._guarded(self._draft, path, None)
        for path in _files(self.paths.unfinished, ()):
            self._guarded(self._unfinished, path, None)
        for path in _files(self.paths.erasing, ()):
            if is_temporary(path.name):  # of a note that a crash left half written
                self._guarded(self._aborted, path, None)
        for path in _files(self.paths.crashes, ()):
            self._guarded(self._removed, path, None)

    def tells(self, data: bytes) -> bool:
        """Say whether bytes name the person, also where JSON has the letters as escapes, or hold one of the ids."""
        return any(one in data for one in self.ids) or self._names(data)

    def _names(self, data: bytes) -> bool:
        text = data.decode("utf-8", "replace")
        if "\\u" in text:
            text = _ESCAPE.sub(_unescaped, text)
        return self.known_by.found(text)

    def _guarded(self, act: Callable[..., None], path: Path, store: object) -> None:
        try:
            data, _ = read_regular(path, _LIMIT)
            if is_temporary(path.name):
                # What a crash left of a write: the file itself is looked at, too.
                if self.tells(data) or act == self._unfinished:
                    path.unlink()
                    self.gone.removed.append(path)
                return
            # An unfinished act has its documents in it as base64.
            if act != self._unfinished and not self.tells(data):
                return
            act(path, data, store)
        except FileNotFoundError:
            return
        except (OSError, NotRegular, TooLarge, StoreError, ValueError, TypeError):
            self.gone.left.append(path)

    def _version(self, path: Path, data: bytes, store: DocumentStore[Any]) -> None:
        key = path.parent.name
        if not self._is_about(path, data, key) or not self._changes(path, data, key, store):
            return
        path.unlink()
        if history.is_version(path.name):
            at = store.kind.name, key
            self.gone.versions[at] = self.gone.versions.get(at, 0) + 1
        else:
            self.gone.removed.append(path)

    def _removed(self, path: Path, data: bytes, store: DocumentStore[Any] | None) -> None:
        key = path.name[:_ID_START]
        if store is not None and not (
            self._is_about(path, data, key) and self._changes(path, data, key, store)
        ):
            return
        if store is None and not self._names(data):
            return
        path.unlink()
        self.gone.removed.append(path)

    def _copy(self, path: Path, data: bytes, store: DocumentStore[Any]) -> None:
        """Rewrite another version of a document without the person; bytes that are none lose the names, or go."""
        key = path.parent.name if is_id(path.parent.name) else path.name[:_ID_START].lower()
        if not self._is_about(path, data, key):
            return
        document = self._document(path, data, key, store)
        if document is not None:
            after = self.cleared(document)
            if after is not document:
                replace_file(path, encode(after, path)[0])
                self.gone.rewritten.append(path)
            return
        if not self._names(data):
            return
        try:
            store.read(key)
        except StoreError:
            # It may be all that is left of the document: only the names go.
            text = data.decode("utf-8", "surrogateescape")
            text = self.known_by.scrubbed(_ESCAPE.sub(_unescaped, text))
            replace_file(path, text.encode("utf-8", "surrogateescape"))
            self.gone.rewritten.append(path)
        else:
            path.unlink()
            self.gone.removed.append(path)

    def _aborted(self, path: Path, _data: bytes, _store: None) -> None:
        path.unlink()
        self.gone.removed.append(path)

    def _draft(self, path: Path, data: bytes, _store: None) -> None:
        if path.suffix != ".json":
            return
        try:
            raw = parsed(data)
        except ValueError:
            path.unlink()
            self.gone.removed.append(path)
            return
        after = scrubbed(raw, self.known_by)
        if after != raw:
            replace_file(path, json.dumps(after, ensure_ascii=False, indent=1).encode())
            self.gone.rewritten.append(path)

    def _unfinished(self, path: Path, data: bytes, _store: None) -> None:
        stores = {store.kind.name: store for store in self.stores}
        try:
            raw = parsed(data)
            told = [(one, one["kind"], one["id"], one["document"]) for one in raw["documents"]]
        except (ValueError, KeyError, TypeError):
            # Half a note, or none: nothing goes on with it.
            if self.tells(data) or any(self.tells(text) for text in _half_told(data)):
                path.unlink()
                self.gone.removed.append(path)
            return
        changed = False
        for one, kind, key, packed in told:
            store, text = stores.get(kind), base64.b64decode(packed)
            document = self._document(path, text, key, store) if store is not None else None
            after = self.cleared(document) if document is not None else document
            if document is not None and after is not None and after is not document:
                one["document"] = base64.b64encode(encode(after, path)[0]).decode()
                changed = True
        if changed:
            replace_file(path, json.dumps(raw).encode())
            self.gone.rewritten.append(path)

    def _is_about(self, path: Path, data: bytes, key: str) -> bool:
        """Say whether it is the person who is named there, and not somebody of the same name at another customer."""
        del path
        return key in self.concerned or any(one in data for one in self.ids)

    def _changes(self, path: Path, data: bytes, key: str, store: DocumentStore[Any]) -> bool:
        """Say whether bytes hold something of the person that must go; those that are no document do where they name them."""
        document = self._document(path, data, key, store)
        if document is None:
            return self._names(data)
        return self.cleared(document) is not document

    def _document(
        self, path: Path, data: bytes, key: str, store: DocumentStore[Any]
    ) -> Document | None:
        with suppress(StoreError, NewerSchema):
            return store.decode(data, path, key)  # type: ignore[no-any-return]
        return None


def zips_with(folders: Iterable[Path], tells: Callable[[bytes], bool]) -> list[Path]:
    """Return the backups in these folders, which are not searched deeper, of which a member `tells`."""
    found: dict[Path, None] = {}
    for folder in folders:
        with suppress(OSError):
            for path in sorted(folder.glob("*.zip")):
                with suppress(*_UNREADABLE):
                    if path.is_file() and _zip_tells(path, tells):
                        found[path.resolve()] = None
    return list(found)


def _zip_tells(path: Path, tells: Callable[[bytes], bool]) -> bool:
    with zipfile.ZipFile(path) as packed:
        if MANIFEST not in packed.NameToInfo:
            return False  # somebody else's zip, however large
        for info in packed.infolist():
            if info.file_size <= _LIMIT and not info.is_dir() and tells(packed.read(info)):
                return True
    return False


def _files(folder: Path, but: Iterable[str], *, deep: bool = True) -> Iterator[Path]:
    """Yield the regular files below a folder, without links and locks, and without the folders `but` directly in it."""
    left_out = set(but)
    for at, folders, names in os.walk(folder):
        if Path(at) == folder:
            folders[:] = [one for one in folders if one not in left_out] if deep else []
        for name in sorted(names):
            path = Path(at) / name
            if not name.endswith(".lock") and path.is_file() and not path.is_symlink():
                yield path


def _unescaped(found: re.Match[str]) -> str:
    with suppress(ValueError):
        return str(json.loads(f'"{found[0]}"')).encode("utf-8", "replace").decode()
    return found[0]


def _half_told(data: bytes) -> Iterator[bytes]:
    """Yield what the documents in a note say, as far as it was written."""
    for packed in _PACKED.findall(data):
        yield base64.b64decode(packed[: len(packed) // 4 * 4])
