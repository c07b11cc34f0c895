"""The sample deals that come with the program, in the reader's language, with their days moved so that they are fresh."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.words import Lang
    from salescoach.workspace import Workspace

_ANCHOR = "anchor.txt"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")


def folder() -> Path:
    """Return where the samples are: in the wheel, or at the top of a checkout."""
    here = Path(__file__).resolve()
    inside = here.parent / "_data" / "samples"
    return inside if inside.is_dir() else here.parents[2] / "samples"


def sample_files(lang: Lang) -> list[Path]:
    """Return the files of the sample deals that are told in `lang`, by name. Each language has deals with ids of its own."""
    return sorted((folder() / lang).glob("*.json"))


def anchor() -> date:
    """Return the day on which the samples, as they are written, are fresh."""
    return date.fromisoformat((folder() / _ANCHOR).read_text("utf-8").strip())


def moved(raw: Any, by: timedelta) -> Any:  # any JSON
    """Return JSON data with every day and instant in it, keys left alone, moved by whole days."""
    if isinstance(raw, dict):
        return {key: moved(value, by) for key, value in raw.items()}
    if isinstance(raw, list):
        return [moved(value, by) for value in raw]
    if isinstance(raw, str) and _DAY.fullmatch(raw):
        return (date.fromisoformat(raw) + by).isoformat()
    if isinstance(raw, str) and _INSTANT.fullmatch(raw):
        return (datetime.fromisoformat(raw) + by).isoformat()
    return raw


def install(workspace: Workspace, today: date) -> list[str]:
    """Save every sample deal with its customer in the workspace's language, fresh as of `today`.

    Returns the deals' ids in order of their files; a sample that is there already is left alone and not among them. Raises
    StoreError.
    """
    from salescoach.store.errors import AlreadyThere

    by = today - anchor()
    made: list[str] = []
    for file in sample_files(workspace.words.lang):
        with suppress(AlreadyThere):
            made.append(workspace.add(read(file, by)).id)
    return made


def read(file: Path, by: timedelta = timedelta(0)) -> Deal:
    """Return the sample deal in a file with its customer, whose file is in the folder `customers` beside it; moved by `by`."""
    from salescoach.customer.models import Customer
    from salescoach.deal.models import Deal

    deal = Deal.model_validate(moved(json.loads(file.read_text("utf-8")), by))
    place = file.with_name("customers") / f"{deal.customer_id}.json"
    return deal.beside(Customer.model_validate(moved(json.loads(place.read_text("utf-8")), by)))
