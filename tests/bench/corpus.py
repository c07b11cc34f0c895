"""Homes full of deals to measure on, and the index over them made without parsing each."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from salescoach.deal.models import Deal
from salescoach.document.migrate import migrate
from salescoach.paths import under
from salescoach.samples import anchor, moved, sample_files
from salescoach.store.documents import DocumentStore
from salescoach.store.files.atomic import Sign, sign_of
from salescoach.store.files.codec import decode, encode
from salescoach.store.index.refresh import refresh
from salescoach.workspace import Workspace
from salescoach.workspace.kinds import DEALS

_SPACE = UUID("1b7c52a0-54a8-4c0e-8a2e-4fd0b3a5f0c2")
_LARGE_EVERY = 25
"""One deal in so many is a copy of a large sample, the others of the smallest: most deals are young."""


@dataclass(frozen=True, slots=True)
class _Template:
    id: str
    name: str
    text: str


def fill(home: Path, count: int) -> None:
    """Write `count` open deals, the samples of today under other ids and names, into `home` without indexing them."""
    folder = under(home).deals
    folder.mkdir(parents=True, mode=0o700)
    templates = _templates(folder)
    for number in range(count):
        own, template = _own(number), _of(templates, number)
        named = json.dumps(_name(template, number), ensure_ascii=False)
        text = template.text.replace(template.id, own)
        text = text.replace(json.dumps(template.name, ensure_ascii=False), named, 1)
        (folder / f"{own}.json").write_text(text, "utf-8")
    if hasattr(os, "sync"):
        os.sync()  # or the disk is still busy with them when saves are measured


def index(workspace: Workspace, count: int) -> None:
    """Index what `fill` wrote as the program itself does, but judge each sample once, not every copy of it."""
    templates = _templates(workspace.paths.deals)
    deals = {
        template.id: decode(
            template.text.encode("utf-8"), workspace.store.path(template.id), template.id, Deal
        )
        for template in templates
    }
    judged = {key: workspace._summary(deal) for key, deal in deals.items()}
    numbers = {_own(number): number for number in range(count)}

    class Copies(DocumentStore[Deal]):
        """The deals as `fill` made them, without reading their files."""

        def read_signed(self, key: str) -> tuple[Deal, Sign]:
            number = numbers[key]
            template = _of(templates, number)
            named = {"id": key, "name": _name(template, number)}
            sign = sign_of(self.path(key).stat())
            return deals[template.id].model_copy(update=named), sign

    def summary(deal: Deal) -> dict[str, Any]:
        return judged[_of(templates, numbers[deal.id]).id]

    deals_source = next(one for one in workspace.sources() if one.kind == DEALS.name)
    read = Copies(workspace.paths, DEALS).read_signed
    refresh(
        workspace.index,
        [deals_source._replace(read_signed=read, summarise=summary)],
        fingerprint=workspace.fingerprint,
        facts=lambda: {"stages": workspace._stages()},
    )


def largest(folder: Path) -> Deal:
    """Return the largest open sample as it would be kept in `folder`."""
    template = _templates(folder)[-1]
    return decode(template.text.encode("utf-8"), folder / f"{template.id}.json", template.id, Deal)


def _own(number: int) -> str:
    return str(uuid5(_SPACE, str(number)))


def _name(template: _Template, number: int) -> str:
    return f"{template.name} {number}"


def _of(templates: list[_Template], number: int) -> _Template:
    small, *large = templates
    return large[number // _LARGE_EVERY % len(large)] if number % _LARGE_EVERY == 0 else small


def _templates(folder: Path) -> list[_Template]:
    """Return the open samples as the program itself writes them, the smallest first."""
    by = date.today() - anchor()  # noqa: DTZ011 - the day of the wall clock that the measured program sees
    found = []
    for path in sample_files("zh"):
        deal = Deal.model_validate(
            migrate(moved(json.loads(path.read_text("utf-8")), by), Deal.STEPS, Deal.SCHEMA)
        )
        if deal.status == "open":
            data, _ = encode(deal, folder / f"{deal.id}.json")
            found.append(_Template(deal.id, deal.name, data.decode("utf-8")))
    return sorted(found, key=lambda template: len(template.text))
