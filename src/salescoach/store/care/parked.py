"""Changes that could not be merged when they were to be saved, kept as files until they can be."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from salescoach.store.errors import save_failed
from salescoach.store.files.atomic import make_folder, refuse_link, replace_file
from salescoach.store.files.names import ConflictCopy, is_id

if TYPE_CHECKING:
    from salescoach.document.models import Document


def park(folder: Path, document: Document) -> Path:
    """Keep a document as a file below `folder`, durably, and return it; the same document is kept once. Raises SaveFailed."""
    from salescoach.store.files.codec import encode

    place = folder / document.id
    target = place / f"{datetime.now(UTC):%Y%m%dT%H%M%S}.json"
    data, _ = encode(document, target)
    try:
        refuse_link(folder)
        refuse_link(place)
        make_folder(place)
        for path in sorted(place.glob("*.json")):
            if path.read_bytes() == data:
                return path
        target = unused(target)
        replace_file(target, data)
    except OSError as error:
        raise save_failed(target, error) from error
    return target


def parked(folder: Path, kind: str) -> list[ConflictCopy]:
    """Return the changes of a kind of document that were parked below `folder`, each a copy of its document, the oldest of a document first."""
    with suppress(FileNotFoundError):
        return [
            ConflictCopy(path, place.name, "", kind)
            for place in sorted(folder.iterdir())
            if is_id(place.name)
            for path in sorted(place.glob("*.json"))
        ]
    return []


def unused(target: Path) -> Path:
    """Return `target`, or the next name like it that is free."""
    again, path = 0, target
    while path.exists():
        again += 1
        path = target.with_name(f"{target.stem}.{again}{target.suffix}")
    return path
