"""Homes full of deals to measure on, and the index over them made without parsing each."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from salescoach.customer.models import Customer
from salescoach.deal.models import Deal
from salescoach.paths import under
from salescoach.samples import anchor, read, sample_files
from salescoach.store.files.atomic import Sign, sign_of
from salescoach.store.files.codec import decode, encode
from salescoach.store.index.refresh import refresh
from salescoach.workspace import Workspace
from salescoach.workspace.joining import Joining
from salescoach.workspace.kinds import CUSTOMERS, DEALS
from salescoach.workspace.lists.deal_rows import ListedDeal
from salescoach.workspace.upgrade_note import UpgradeNote

_SPACE = UUID("1b7c52a0-54a8-4c0e-8a2e-4fd0b3a5f0c2")
_LARGE_EVERY = 25
"""One deal in so many is a copy of a large sample, the others of the smallest: most deals are young."""
_EACH = 4
"""Deals that a customer has."""


@dataclass(frozen=True, slots=True)
class _Template:
    deal: Deal
    text: str
    customer: Customer
    customer_text: str

    def copied(self, text: str, number: int) -> str:
        """Return a text of the sample as one of its copy with this number."""
        customer = _customer_id(self, number)
        ids = {self.deal.id: _own(number), self.customer.id: customer}
        ids |= {key: _person_id(customer, key) for key in self.customer.people}
        for old, new in ids.items():
            text = text.replace(old, new)
        for old, new in (
            (self.deal.name, _name(self, number)),
            (self.customer.name, _customer_name(self, number)),
        ):
            shown, other = (json.dumps(name, ensure_ascii=False) for name in (old, new))
            text = text.replace(shown, other, 1)
        return text

    def copy(self, number: int) -> Deal:
        """Return the sample's deal as its copy with this number, without the customer."""
        customer = _customer_id(self, number)
        people = {_person_id(customer, key): part for key, part in self.deal.stakeholders.items()}
        named: dict[str, object] = {
            "id": _own(number),
            "name": _name(self, number),
            "customer_id": customer,
        }
        named |= {"customer": _customer_name(self, number), "stakeholders": people}
        return self.deal.model_copy(update=named)


def fill(home: Path, count: int) -> None:
    """Write `count` open deals and their customers into `home` without indexing them.

    They are the samples of today under other ids and names; a few deals each are with one customer.
    """
    places = [under(home).places(kind.folder).folder for kind in (DEALS, CUSTOMERS)]
    for folder in places:
        folder.mkdir(parents=True, mode=0o700)
    deals, customers = places
    templates = _templates(deals)
    for number in range(count):
        template = _of(templates, number)
        (deals / f"{_own(number)}.json").write_text(template.copied(template.text, number), "utf-8")
        customer = customers / f"{_customer_id(template, number)}.json"
        if not customer.exists():
            customer.write_text(template.copied(template.customer_text, number), "utf-8")
    UpgradeNote(under(home)).write(done=True)  # or the app looks into each deal, once
    if hasattr(os, "sync"):
        os.sync()  # or the disk is still busy with them when saves are measured


def index(workspace: Workspace, count: int) -> None:
    """Index what `fill` wrote as the program itself does, but judge each sample once, not every copy of it."""
    templates = _templates(workspace.paths.deals)
    judged = {one.deal.id: workspace._summary(one.deal.beside(one.customer)) for one in templates}
    numbers = {_own(number): number for number in range(count)}
    joining = Joining(workspace.store, workspace.customers)

    def read_copy(key: str) -> tuple[ListedDeal, Sign]:
        sign = sign_of(workspace.store.path(key).stat())
        return joining.joined(_of(templates, numbers[key]).copy(numbers[key])), sign

    def summary(found: ListedDeal) -> dict[str, Any]:
        return judged[_of(templates, numbers[found.deal.id]).deal.id]

    refresh(
        workspace.index,
        [
            source._replace(read_signed=read_copy, summarise=summary)
            if source.kind == DEALS.name
            else source
            for source in workspace.sources()
        ],
        fingerprint=workspace.fingerprint,
        facts=lambda: {"stages": workspace._stages()},
    )


def largest(folder: Path) -> Deal:
    """Return the largest open sample, with its customer, as it would be kept in `folder`."""
    template = _templates(folder)[-1]
    return template.deal.beside(template.customer)


def _own(number: int) -> str:
    return str(uuid5(_SPACE, str(number)))


def _name(template: _Template, number: int) -> str:
    return f"{template.deal.name} {number}"


def _customer_id(template: _Template, number: int) -> str:
    return str(uuid5(_SPACE, f"{template.deal.id} {number // _EACH}"))


def _customer_name(template: _Template, number: int) -> str:
    return f"{template.customer.name} {number // _EACH}"


def _person_id(customer: str, key: str) -> str:
    return str(uuid5(_SPACE, f"{customer} {key}"))


def _of(templates: list[_Template], number: int) -> _Template:
    small, *large = templates
    return large[number // _LARGE_EVERY % len(large)] if number % _LARGE_EVERY == 0 else small


def _templates(folder: Path) -> list[_Template]:
    """Return the open samples as the program itself writes them, the smallest first."""
    by = date.today() - anchor()  # noqa: DTZ011 - the day of the wall clock that the measured program sees
    found = []
    for path in sample_files("zh"):
        deal = read(path, by)
        customer = deal.customer_record
        if deal.status == "open" and customer is not None:
            file = folder / f"{deal.id}.json"
            bare = deal.beside(None)
            text, customer_text = (encode(one, file)[0].decode("utf-8") for one in (bare, customer))
            found.append(
                _Template(
                    decode(text.encode("utf-8"), file, deal.id, Deal),
                    text,
                    decode(customer_text.encode("utf-8"), file, customer.id, Customer),
                    customer_text,
                )
            )
    return sorted(found, key=lambda template: len(template.text))
