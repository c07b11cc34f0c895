"""Notes of what is under way, which outlive a crash: read so that nothing that lies in their place can stop a start."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from salescoach.store.files.atomic import NotRegular, TooLarge, read_regular

_LIMIT: Final = 256 * 1024 * 1024
"""Bytes of the largest note that is read again."""


def read_note(path: Path) -> dict[str, Any]:
    """Return the JSON object in the file `path`. Raises OSError, and ValueError for whatever is none."""
    try:
        return parsed(read_regular(path, _LIMIT)[0])
    except (NotRegular, TooLarge) as error:
        raise ValueError(str(path)) from error


def parsed(data: bytes) -> dict[str, Any]:
    """Return the JSON object in `data`. Raises ValueError for whatever is none."""
    try:
        raw = json.loads(data)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(raw, dict):
        raise ValueError("no object")  # noqa: TRY004  the text is wrong, not its type
    return raw
