"""Homes full of deals to measure on."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from uuid import UUID, uuid5

from salescoach.deal.migrate import migrate
from salescoach.deal.models import Deal
from salescoach.paths import under
from salescoach.samples import anchor, moved, sample_files
from salescoach.store.document import encode

_SPACE = UUID("1b7c52a0-54a8-4c0e-8a2e-4fd0b3a5f0c2")
_LARGE_EVERY = 25
"""One deal in so many is a copy of a large sample, the others of the smallest: most deals are young."""


def fill(home: Path, count: int) -> None:
    """Write `count` open deals, the samples of today under other ids and names, into `home` without indexing them."""
    folder = under(home).deals
    folder.mkdir(parents=True, mode=0o700)
    small, *large = _templates(folder)
    for number in range(count):
        own = str(uuid5(_SPACE, str(number)))
        one = large[number // _LARGE_EVERY % len(large)] if number % _LARGE_EVERY == 0 else small
        deal_id, name, text = one
        named = json.dumps(f"{name} {number}", ensure_ascii=False)
        text = text.replace(deal_id, own).replace(json.dumps(name, ensure_ascii=False), named, 1)
        (folder / f"{own}.json").write_text(text, "utf-8")


def _templates(folder: Path) -> list[tuple[str, str, str]]:
    """Return id, name and file of each open sample as the program itself writes it, the smallest first."""
    by = date.today() - anchor()  # noqa: DTZ011 - the day of the wall clock that the measured program sees
    found = []
    for path in sample_files("zh"):
        deal = Deal.model_validate(migrate(moved(json.loads(path.read_text("utf-8")), by)))
        if deal.status == "open":
            data, _ = encode(deal, folder / f"{deal.id}.json")
            found.append((deal.id, deal.name, data.decode("utf-8")))
    return sorted(found, key=lambda template: len(template[2]))
