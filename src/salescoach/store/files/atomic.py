"""Files that are read without following links and written so that a reader sees all of the old or all of the new."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple

from salescoach.store.files import system
from salescoach.store.files.names import temporary
from salescoach.store.files.system import CREATE, FOLDER, READ

_OWN = 0o600
_PIECE = 64 * 1024
_NO_LINKS = frozenset(
    {errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}
)
_NO_FOLDER_SYNC = frozenset({errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP})


class Sign(NamedTuple):
    """What tells one version of a file from another without reading it."""

    size: int
    mtime_ns: int
    inode: int
    ctime_ns: int
    """When the file was last changed in any way, which nobody can set: an edit in place keeps all else."""


NO_FILE = Sign(-1, -1, -1, -1)
"""The sign of a file that is not there."""


class Save(NamedTuple):
    """What is known of a save: the file's sign, and the folder's mtime (ns) before and after it."""

    sign: Sign
    folder_before: int
    folder_after: int


class NotRegular(Exception):
    """Not a regular file: `reason` is `symlink` or `not-a-file`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TooLarge(Exception):
    """More bytes than allowed."""


def sign_of(status: os.stat_result) -> Sign:
    """Return the sign in a file's status."""
    # Some file systems number beyond what the index can hold.
    inode = status.st_ino & (2**63 - 1)
    return Sign(status.st_size, status.st_mtime_ns, inode, status.st_ctime_ns)


def mtime(folder: Path) -> int:
    """Return when entries of `folder` last changed, in ns; 0 when it is not there."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


def make_folder(folder: Path) -> None:
    """Make `folder` and what is missing above it, durably, each readable by its owner only. Raises OSError."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return
    try:
        folder.chmod(0o700)
        sync_names(folder.parent)
    except OSError:
        with suppress(OSError):
            folder.rmdir()  # so that trying again makes it durable
        raise


def refuse_link(folder: Path) -> None:
    """Raise OSError for a folder of the program's own that is a link: what is written there would go elsewhere."""
    if folder.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(folder))


def sync_names(folder: Path) -> None:
    """Make sure that what was put into `folder` or taken from it stays so after a power cut. Raises OSError."""
    if FOLDER is None:
        return
    try:
        descriptor = os.open(folder, FOLDER)
    except PermissionError:  # it may be entered and written, but not listed
        return
    try:
        _sync_folder(descriptor)
    finally:
        with suppress(OSError):
            os.close(descriptor)


def read_regular(path: Path, limit: int) -> tuple[bytes, Sign]:
    """Return the bytes of a regular file and its sign. Raises NotRegular, TooLarge or OSError."""
    try:
        descriptor = os.open(path, READ)
    except OSError as error:
        # Linux says ELOOP for a link that may not be followed, others EMLINK or EFTYPE; a socket is ENXIO.
        if path.is_symlink():
            raise NotRegular("symlink") from error
        if error.errno == errno.ENXIO:
            raise NotRegular("not-a-file") from error
        raise
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise NotRegular("not-a-file")
        if status.st_size > limit:
            raise TooLarge
        data = os.read(descriptor, status.st_size + 1)
        if len(data) != status.st_size:
            data = _rest(descriptor, data, limit)
        return data, sign_of(status)
    finally:
        os.close(descriptor)


def _rest(descriptor: int, start: bytes, limit: int) -> bytes:
    """Read on after `start`: the file grew, or its size was not told."""
    data = bytearray(start)
    while chunk := os.read(descriptor, _PIECE):
        data += chunk
        if len(data) > limit:
            break
    if len(data) > limit:
        raise TooLarge
    return bytes(data)


def replace_file(path: Path, data: bytes, keep: Path | None = None) -> Save:
    """Put `data` in the place of `path`, durably, and return what is known of the save.

    With `keep`, the version that is replaced stays as that file. When anything fails, what was there is there
    still, and OSError is raised.
    """
    if keep is not None and keep.parent != path.parent:
        refuse_link(keep.parent)
    folder = os.open(path.parent, FOLDER) if FOLDER is not None else -1
    try:
        before = _changed(folder, path)
        temp = _temporary(path)
        # What is replaced must be there to be put back, also where nobody wants to keep it.
        spare = Path(_temporary(path)) if keep is None and os.path.lexists(path) else None
        old = keep or spare
        try:
            sign = _write(temp, data)
            if old is not None:
                keep_version(path, old)
            system.replace(temp, path)
            sign = _renamed(path, sign)
            try:
                _sync_folder(folder)
            except OSError:
                _roll_back(path, temp, old)
                raise
        except BaseException:
            _forget(temp)
            raise
        finally:
            if spare is not None:
                _forget(spare)
        return Save(sign, before, _changed(folder, path))
    finally:
        if folder >= 0:
            with suppress(OSError):
                os.close(folder)


def keep_version(path: Path, target: Path) -> None:
    """Keep the file at `path` as `target` too: by a link, or by a copy where there are no links.

    A `target` that is there already is left alone. Raises OSError.
    """
    try:
        try:
            os.link(path, target)
        except FileNotFoundError:
            make_folder(target.parent)
            os.link(path, target)
    except FileExistsError:
        return
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        copy_file(path, target)


def copy_file(path: Path, target: Path) -> None:
    """Copy a file with its time, so that `target` is whole or is not there. Raises OSError."""
    make_folder(target.parent)
    temp = _temporary(target)
    try:
        status = path.stat()
        _write(temp, path.read_bytes())
        os.utime(temp, ns=(status.st_atime_ns, status.st_mtime_ns))
        system.replace(temp, target)
    except BaseException:
        _forget(temp)
        raise


def write_beside(path: Path, data: bytes) -> str:
    """Write `data` durably into a temporary file beside `path` and return its name; nothing is left where that fails."""
    temp = _temporary(path)
    try:
        _write(temp, data)
    except BaseException:
        _forget(temp)
        raise
    return temp


@contextmanager
def writing(path: Path, *, replace: bool) -> Iterator[IO[bytes]]:
    """Yield an empty file to write and read back; when the block ends, it is durably at `path`, for its owner only.

    Raises OSError, and FileExistsError when something is at `path` by then and `replace` is not set. When the block
    raises or anything fails, what was there is there still, and nothing half written is left.
    """
    temp = _temporary(path)
    try:
        flags = (CREATE & ~os.O_WRONLY) | os.O_RDWR
        with os.fdopen(os.open(temp, flags, 0o600), "w+b") as file:
            yield file
            file.flush()
            _sync(file.fileno())
        if replace:
            system.replace(temp, path)
        else:
            _put(temp, path)
    except BaseException:
        _forget(temp)
        raise
    sync_names(path.parent)


def add_files(folder: Path, files: Iterable[tuple[str, bytes, int]]) -> None:
    """Put new files (name, bytes, mtime in ns) into `folder`, durably; a name that is taken is left alone. Raises OSError."""
    make_folder(folder)
    for name, data, mtime_ns in files:
        path = folder / name
        temp = _temporary(path)
        try:
            _write(temp, data)
            os.utime(temp, ns=(mtime_ns, mtime_ns))
            with suppress(FileExistsError):
                _put(temp, path)
        finally:
            _forget(temp)
    sync_names(folder)


def _put(temp: str, path: Path) -> None:
    """Give the file at `temp` the name `path` unless that is taken; `temp` may stay as a second name."""
    try:
        os.link(temp, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from error
        system.replace(temp, path)
    else:
        _forget(temp)


def _temporary(path: Path) -> str:
    # A text: making paths takes a tenth of a save.
    folder, name = os.path.split(path)
    return os.path.join(folder, temporary(name, os.getpid(), os.urandom(4).hex()))  # noqa: PTH118


def _write(temp: str, data: bytes) -> Sign:
    descriptor = os.open(temp, CREATE, _OWN)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        status = os.fstat(descriptor)
        if stat.S_IMODE(status.st_mode) != _OWN and hasattr(os, "fchmod"):
            os.fchmod(descriptor, _OWN)  # a strange umask took bits away
        _sync(descriptor)
    except BaseException:
        with suppress(OSError):
            os.close(descriptor)
        raise
    os.close(descriptor)
    return sign_of(status)


def _sync(descriptor: int) -> None:
    if sys.platform == "darwin":  # fsync alone leaves the data in the drive's own cache there
        import fcntl

        with suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def _changed(folder: int, path: Path) -> int:
    try:
        return os.fstat(folder).st_mtime_ns if folder >= 0 else mtime(path.parent)
    except OSError:
        return 0  # nobody knows; the file is saved all the same, and the index looks at the folder again


def _sync_folder(folder: int) -> None:
    if folder < 0:
        return
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise


def _roll_back(path: Path, temp: str, keep: Path | None) -> None:
    # The new version is in place but nobody can say that it will still be there after a power cut, so the
    # caller is told that the save failed, and what was there before is put back.
    with suppress(OSError):
        if keep is None:
            system.unlink(path)
        else:
            keep_version(keep, Path(temp))
            system.replace(temp, path)


def _renamed(path: Path, sign: Sign) -> Sign:
    """Return the sign of a file that was just put at `path`, as which `sign` was written: renaming counts as a change.

    Where another file is there already, that of the one written, so that whoever compares looks again.
    """
    try:
        now = sign_of(path.lstat())
    except OSError:
        return sign
    return now if now[:3] == sign[:3] else sign


def _forget(temp: str | Path) -> None:
    with suppress(OSError):
        system.unlink(temp)
