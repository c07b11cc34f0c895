"""Tells the names in a folder of documents apart: documents, temporary files, and conflict copies of sync services."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ID = re.compile(_UUID)
_DEAL = re.compile(rf"({_UUID})\.json")
_TEMP = re.compile(r"\..+\.(\d+)-[0-9a-f]{8}\.tmp")
_COPY = re.compile(rf"({_UUID})(.+)", re.DOTALL | re.IGNORECASE)

# What follows the document's id in the name of a copy, most telling first. Services translate these words, so
# a name that starts with an id and fits none of them is still a copy, of an unknown service.
_SERVICES: tuple[tuple[str, str], ...] = (
    ("Syncthing", r"\.sync-conflict-\d{8}-\d{6}(-\w+)?\.json"),
    ("Seafile", r" ?\(SFConflict .+\)\.json"),
    ("Nextcloud", r" \(conflicted copy \d{4}-\d\d-\d\d[ _]\d{4,6}\)\.json"),
    ("ownCloud", r"_conflict-\d{8}-\d{6}\.json"),
    (
        "Dropbox",
        r" \(.*(conflicted copy|case conflict|selective sync conflict|冲突副本).*\)\.json",
    ),
    ("Resilio Sync", r"\.conflict(\.\d+)?\.json"),
    ("Synology Drive", r"_.+_(conflict|\w{3}-\d\d-\d{6}-\d{4}_conflict)\.json"),
    ("pCloud", r" ?[\[(]conflicted( \d+)?[\])]\.json"),
    ("Nutstore", r" ?[\[((].*(冲突|conflict).*[\]))]\.json"),
    ("Google Drive", r" ?\(\d+\)\.json|_conf\(\d+\)\.json"),
    ("Windows", r" - (copy|副本)( ?\(\d+\))?\.json"),
    ("iCloud", r" \d+\.json"),
    ("OneDrive", r"-[\w-]+(-\d+)?\.json"),
)
"""Patterns that are compiled when the first copy is met: most folders have none."""


class ConflictCopy(NamedTuple):
    """A second copy of a document that a sync service made because two machines changed it."""

    path: Path
    document: str
    """The id of the document it is a copy of."""
    service: str
    """Who made it, as far as the name tells; empty when it does not."""
    kind: str = ""
    """The name of the kind of document."""


def is_id(text: str) -> bool:
    """Say whether `text` is, as a whole, a UUID in its usual lower-case form."""
    return _ID.fullmatch(text) is not None


def document_id(name: str) -> str | None:
    """Return the id in a document's file name, or None when the name is anything else."""
    match = _DEAL.fullmatch(name)
    return match[1] if match else None


def is_temporary(name: str) -> bool:
    """Say whether the name is that of a temporary file of this program."""
    return _TEMP.fullmatch(name) is not None


def temporary_maker(name: str) -> int | None:
    """Return the id of the process that made the temporary file of this name; None for any other name."""
    match = _TEMP.fullmatch(name)
    return int(match[1]) if match and len(match[1]) < 10 else None


def temporary(name: str, pid: int, token: str) -> str:
    """Return the name of a temporary file for `name`; `token` is eight hexadecimal digits."""
    return f".{name}.{pid}-{token}.tmp"


def conflict_copy(path: Path, kind: str = "") -> ConflictCopy | None:
    """Return which document of this kind `path` is a conflict copy of, or None when its name is not that of a copy."""
    match = _COPY.fullmatch(path.name)
    if match is None or not path.name.lower().endswith(".json") or document_id(path.name):
        return None
    for service, pattern in _SERVICES:
        if re.fullmatch(pattern, match[2], re.IGNORECASE):
            return ConflictCopy(path, match[1].lower(), service, kind)
    return ConflictCopy(path, match[1].lower(), "", kind)
