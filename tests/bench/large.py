"""One deal with thousands of people, notes and events: what a tick takes in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid5

from salescoach.customer.models import Person
from salescoach.deal.models import Deal
from salescoach.deal.parts import NoteEntry
from salescoach.deal.stakeholders import Stakeholder
from salescoach.document.models import Event
from tests.bench import corpus
from tests.bench.home import Home
from tests.bench.report import Figure
from tests.bench.terminal import answers
from tests.bench.watch import LINUX, Watch

_SPACE = UUID("5e0d8c0c-7a0f-4b57-9c7d-0b1d2f7f3f11")
_TICK, _ENTER = b" ", b"\r"
_CHAIN = 10
"""How many people report to each other, one above the other."""


def made(place: Path, size: int, *, patience: float, warm: bool) -> Home:
    """Return a home whose only deal has `size` people, notes and events beside those of a large sample."""
    home = Home(place, 1, patience=patience, warm=warm)
    if not place.exists():
        deal = grown(corpus.largest(place / "deals"), size)
        place.mkdir(parents=True)
        home.workspace.add(deal)
        home.workspace.refresh()
    return home


def grown(deal: Deal, size: int) -> Deal:
    """Return the deal with `size` more people, notes and events."""
    customer = deal.customer_record
    assert customer is not None
    people, parts = dict(customer.people), dict(deal.stakeholders)
    notes, events = dict(deal.notes), dict(deal.timeline)
    above: str | None = None
    for number in range(size):
        at = deal.created_at + timedelta(seconds=number)
        key = str(uuid5(_SPACE, f"person {number}"))
        name, order = f"Person {number}", 100 + number
        above = above if number % _CHAIN else None
        people[key] = Person(name=name, reports_to=above, order=order)
        roles = ("user",) if number % 3 else ("evaluator",)
        parts[key] = Stakeholder(name=name, roles=roles, order=order)
        above = key
        text = f"note {number}, said on the phone"
        notes[str(uuid5(_SPACE, f"note {number}"))] = NoteEntry(text=text, at=at, by="Sam")
        told = Event(what="noted", about={"text": text}, at=at, by="Sam")
        events[str(uuid5(_SPACE, f"event {number}"))] = told
    grown = {"stakeholders": parts, "notes": notes, "timeline": events}
    return deal.model_copy(update=grown).beside(customer.model_copy(update={"people": people}))


def tick(home: Home, size: int, presses: int, shown: float, saved: float) -> Iterator[Figure]:
    """Measure a tick in such a deal, from the key to the first change of the screen and to safely on the disk.

    The first figure is the median, the second the longest: the first edit of a deal reads it again.
    """
    over = f"a tick among {size:,} people, notes and events, "
    if not LINUX:
        yield Figure(over + "saved", note="needs Linux")
        return
    app = home.started(b"2", _ENTER)
    durable = []
    with Watch(home.workspace.paths.deals) as watch:
        for _ in range(presses):
            watch.forget()
            durable.append(app.press_until(_TICK, watch.fd, watch.durable, 10))
            app.read(quiet=0.3 * home.patience, limit=5)
    for _ in range(presses):
        app.press(_TICK, quiet=0.3 * home.patience)
    app.close()
    yield Figure(over + "shown", answers(app), limit=shown)
    yield Figure(over + "saved, the longest", [max(durable)], limit=saved)
