"""Random histories of a deal and its customers: hundreds of acts over weeks, in several zones, some taken back and done again.

A history keeps what the documents were after each act, against which the rebuilt ones are held.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from salescoach.customer import apart, people
from salescoach.customer import identity as customer_identity
from salescoach.customer import notes as customer_notes
from salescoach.customer.merging import merge_customers, merge_people
from salescoach.customer.models import Customer
from salescoach.customer.rungs import RungChange
from salescoach.deal import actions, contacts, identity, items, notes, phases, rebuild, stages
from salescoach.deal import conflicts as deal_conflicts
from salescoach.deal.models import Deal
from salescoach.document.change import record_merged
from salescoach.document.changes import content
from salescoach.document.conflicts import Keep
from salescoach.document.errors import DocumentError
from salescoach.document.merge import merge
from salescoach.document.models import Document
from salescoach.document.rebuild import as_of
from salescoach.document.stamp import Stamp
from salescoach.document.undo import TRAVELS, UNDONE, Way, latest, taken_back
from tests.build import LADDER, NOW, STAGES, make_customer, make_deal, small_playbook

_ZONES = (UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-5)))
_PACE = 360
"""Minutes that pass at most from one act to the next."""
_WORDS = ("预算", "王总", "Q3 report", "[/] odd", "约在周五", "会上当面说", "seen", "é~/1")
_STAGES = (*STAGES, "closing", "delivery", "service", "renewal")
_QUESTIONS = ("real", "winnable")
_ROLES = ("user", "designer", "decision-maker")
_LATER = {"later": {"a/b": [1, 1.0, True], "c~d": {"": None}}, "score": 1}
"""Fields of a later program."""


class Pair(NamedTuple):
    """A deal and the customers of its home, by id, as their files are."""

    deal: Deal
    customers: dict[str, Customer]

    def read(self) -> Deal:
        """Return the deal with its customer."""
        key: str | None = self.deal.customer_id
        while key is not None and self.customers[key].merged_into is not None:
            key = self.customers[key].merged_into
        return self.deal.beside(self.customers[key] if key else None)

    def documents(self) -> list[Document]:
        """Return all of them."""
        return [self.deal, *self.customers.values()]

    def but(self, *changed: Document) -> Pair:
        """Return the pair with other versions of its documents."""
        deal = next((one for one in changed if isinstance(one, Deal)), self.deal)
        new = {one.id: one for one in changed if isinstance(one, Customer)}
        return Pair(deal, self.customers | new)


@dataclass
class History:
    """What a deal and its customers were after each act, and what each event's act was done on and made."""

    states: list[tuple[datetime, Pair]]
    acts: dict[tuple[str, str], tuple[tuple[str, ...], Document, Document]] = field(
        default_factory=dict
    )
    """By document and event."""
    versions: dict[str, list[tuple[datetime, Document]]] = field(default_factory=dict)
    """By document, each with the moment of its act."""

    @property
    def now(self) -> Pair:
        """What they are."""
        return self.states[-1][1]

    def moments(self, chance: random.Random) -> Iterator[tuple[date, Pair | None]]:
        """Yield each day from the one before the deal was made to the one after all, and some instants, with what was."""
        start = self.states[0][1]
        first = start.deal.created_at.date()
        last = max(at.date() for at, _ in self.states)
        yield first - timedelta(days=1), None
        for number in range((last - first).days + 2):
            day = first + timedelta(days=number)
            yield day, start.but(*(self._then(key, day) for key in self.versions))
        for at, _ in chance.sample(self.states, 5):
            yield at, start.but(*(self._then(key, at) for key in self.versions))

    def _then(self, key: str, moment: date) -> Document:
        """Return a document as the last of its acts by then left it, which another act on the same day may precede."""
        found = self.versions[key]
        if isinstance(moment, datetime):
            return [version for at, version in found if at <= moment][-1]
        return [version for at, version in found if at.date() <= moment][-1]


def lived(start: Pair, count: int, chance: random.Random, at: datetime = NOW) -> History:
    """Return a history of `count` acts from `start` on, which is of the moment `at`."""
    history = History([(at, start)])
    history.versions = {one.id: [(at, one)] for one in start.documents()}
    moment = at
    while len(history.states) <= count:
        moment += timedelta(minutes=chance.randrange(_PACE))
        zone = chance.choice(_ZONES) if chance.random() < 0.1 else moment.tzinfo
        moment = moment.astimezone(zone)
        stamp = Stamp(
            moment,
            chance.choice(("小周", "Lee")),
            "coach" if chance.random() < 0.4 else "rep",
            str(UUID(int=chance.getrandbits(128), version=4)),
        )
        before = history.now
        try:
            after = _act(history, chance, stamp)
        except DocumentError:
            continue
        changed = False
        for one, other in zip(before.documents(), after.documents(), strict=True):
            new = tuple(key for key in other.timeline if key not in one.timeline)
            assert new or content(one) == content(other), "a document changed and has no event"
            changed = changed or bool(new)
            if new:
                history.versions[other.id].append((moment, other))
            if new and other.timeline[new[0]].what not in TRAVELS:
                history.acts |= {(other.id, key): (new, one, other) for key in new}
        if changed:
            history.states.append((moment, after))
    return history


def _act(history: History, chance: random.Random, stamp: Stamp) -> Pair:
    pair, which = history.now, chance.random()
    held = pair.read()
    last = [*held.events.values()][-1].what
    if which < (0.4 if last == UNDONE else 0.05):
        return _travelled(history, "redo" if last == UNDONE else "undo", stamp)
    if held.open_conflicts and which < 0.3:
        key = chance.choice([*held.open_conflicts])
        keep: Keep = "lost" if chance.random() < 0.7 else "kept"
        return _saved(pair, held, deal_conflicts.settle(held, key, keep, stamp))
    if which < 0.12:
        # Another program of this home saved in between: what a person saw is merged with it.
        seen = history.states[-min(len(history.states), chance.randrange(2, 5))][1].read()
        mine = chance.choice(DEAL_DOINGS)(chance, seen, stamp)
        return pair if mine is seen else _saved(pair, held, rebuild.merged(seen, mine, held))
    if which < 0.13:
        # An earlier version comes back, as from a backup; what was done since stays in the timeline.
        earlier = chance.choice(history.states[-20:])[1].deal
        back = earlier.model_copy(update={"timeline": pair.deal.timeline})
        return pair.but(record_merged(pair.deal, stamp, "restored", {}, back))
    if which < 0.4:
        return _of_customers(pair, chance, stamp)
    return _saved(pair, held, chance.choice(DEAL_DOINGS)(chance, held, stamp))


def _of_customers(pair: Pair, chance: random.Random, stamp: Stamp) -> Pair:
    one, other = chance.sample([*pair.customers.values()], 2)
    which = chance.random()
    if which < 0.03:
        return pair.but(*merge_customers(one, other, stamp))
    if which < 0.06:
        held = pair.read()
        return _saved(pair, held, identity.move(held, one, stamp)) if not one.merged_into else pair
    return pair.but(chance.choice(CUSTOMER_DOINGS)(chance, one, stamp))


def _saved(pair: Pair, held: Deal, result: Deal) -> Pair:
    """Return the pair as the workspace saves what was made of a deal read with its customer."""
    result, customer = rebuild.told(pair.deal, held, result), result.customer_record
    deal = result.beside(None)
    changed: list[Document] = [] if deal == held.beside(customer).beside(None) else [deal]
    return pair.but(*changed, *([customer] if customer is not None else []))


def _travelled(history: History, way: Way, stamp: Stamp) -> Pair:
    pair = history.now
    held = pair.read()
    event = latest(held.events, way, lambda _: True, 100)
    changed = []
    for document in (held.beside(None), held.customer_record):
        if document is not None and event is not None and event in document.timeline:
            if (document.id, event) not in history.acts:
                return pair
            events, before, after = history.acts[document.id, event]
            changed.append(taken_back(document, events, before, after, way, stamp))
    deal = next((one for one in changed if isinstance(one, Deal)), None)
    told = [] if deal is None else [rebuild.told(pair.deal, held, deal)]
    return pair.but(*told, *(one for one in changed if isinstance(one, Customer)))


def two_places(start: Pair, count: int, chance: random.Random) -> tuple[Pair, Pair]:
    """Return what was worked on in two places and merged in one of them, and what it was when they parted."""
    trunk = lived(start, count, chance)
    later = trunk.states[-1][0].astimezone(UTC) + timedelta(days=2)
    here, there = (
        lived(trunk.now, count, chance, later + timedelta(minutes=minutes)) for minutes in (0, 7)
    )
    moment = max(here.states[-1][0], there.states[-1][0])
    stamp = Stamp(moment, "小周", "rep", str(UUID(int=chance.getrandbits(128), version=4)))
    sides = zip(*(each.now.documents() for each in (trunk, here, there)), strict=True)
    together = [
        record_merged(ours, stamp, "merged", {}, merge(base, ours, theirs))
        for base, ours, theirs in sides
    ]
    return lived(trunk.now.but(*together), count, chance, moment).now, trunk.now


def differs(history: History, chance: random.Random) -> str:
    """Return the first day or instant for which what is rebuilt is not what there was; empty for none."""
    now = history.now
    for moment, then in history.moments(chance):
        documents = [None] * len(now.documents()) if then is None else then.documents()
        for document, expected in zip(now.documents(), documents, strict=True):
            if not _same(as_of(document, moment), expected):
                return f"{moment}: {type(document).__name__} {document.id}"
        whole = rebuild.as_of(now.deal, moment, now.customers.get)
        read = then.read() if then is not None else None
        if not _same(whole, read):
            return f"{moment}: the deal read with its customer"
        if whole is not None and read is not None and whole.contacts != read.contacts:
            return f"{moment}: the people of the deal"
    return ""


def _same(one: Document | None, other: Document | None) -> bool:
    if one is None or other is None:
        return one is other
    return content(one) == content(other) and list(one.timeline) == list(other.timeline)


def any_of(chance: random.Random, found: Mapping[str, Any] | Sequence[str]) -> str:
    """Return one of the keys; a text that is none where there are none."""
    return chance.choice([*found]) if found else "nobody"


def said(chance: random.Random) -> str:
    """Return a text of two words."""
    return " ".join(chance.sample(_WORDS, 2))


def some_day(chance: random.Random, stamp: Stamp) -> date:
    """Return a day near the stamp's."""
    return stamp.today + timedelta(days=chance.randrange(-3, 30))


def _climb(chance: random.Random) -> RungChange:
    return RungChange(
        chance.choice((None, *LADDER)), LADDER, note=said(chance), reason=said(chance)
    )


def _person(chance: random.Random) -> dict[str, Any]:
    given = {
        "title": said(chance),
        "phone": str(chance.randrange(10**8)),
        "note": said(chance),
        "guide": chance.random() < 0.5,
    }
    return {name: given[name] for name in chance.sample([*given], 2)}


def _deal_fields(chance: random.Random, stamp: Stamp) -> dict[str, Any]:
    given = {
        "name": said(chance),
        "owner": said(chance),
        "amount": chance.choice((None, Decimal(chance.randrange(10**6)) / 100)),
        "currency": chance.choice(("CNY", "USD")),
        "close_on": chance.choice((None, some_day(chance, stamp))),
        "kind": chance.choice(("simple", "complex")),
    }
    return {name: given[name] for name in chance.sample([*given], 2)}


@cache
def _items() -> tuple[str, ...]:
    return (*small_playbook().places, "retired")


def _item(chance: random.Random) -> str:
    return chance.choice(_items()[:6])


def _side(chance: random.Random) -> Any:
    return chance.choice(("entry", "exit"))


def _against(chance: random.Random) -> bool:
    return chance.random() < 0.3


def _regardless(chance: random.Random) -> tuple[tuple[str, ...], str]:
    return (("marker:x/exit",), said(chance)) if chance.random() < 0.5 else ((), "")


def _removed(chance: random.Random, deal: Deal, stamp: Stamp) -> Deal:
    item = any_of(chance, [key for key, one in deal.items.items() if one.evidence])
    return items.remove_evidence(
        deal, item, any_of(chance, items.state_of(deal, item).evidence), stamp
    )


DEAL_DOINGS: tuple[Callable[[random.Random, Deal, Stamp], Deal], ...] = (
    lambda c, d, s: identity.edit(d, s, **_deal_fields(c, s)),
    lambda c, d, s: identity.edit(d, s, **_deal_fields(c, s)),
    lambda c, d, s: identity.win(d, s, said(c), amount=Decimal(c.randrange(1000))),
    lambda c, d, s: identity.lose(d, s, said(c)),
    lambda c, d, s: identity.nurture(d, s, said(c), some_day(c, s)),
    lambda c, d, s: identity.reopen(d, s, said(c)),
    lambda c, d, s: identity.archive(d, s, c.random() < 0.5),
    lambda c, d, s: items.tick(d, _item(c), s),
    lambda c, d, s: items.untick(d, _item(c), s),
    lambda c, d, s: items.add_evidence(d, _item(c), s, note=said(c), against=_against(c)),
    lambda c, d, s: items.add_evidence(d, _item(c), s, who=said(c), document=said(c)),
    _removed,
    lambda c, d, s: items.confirm(d, _item(c), s, by_data=c.random() < 0.5),
    lambda c, d, s: items.challenge(d, _item(c), s, said(c)),
    lambda c, d, s: items.not_applicable(d, _item(c), s, said(c)),
    lambda c, d, s: stages.open_stage(d, c.choice(_STAGES), s, *_regardless(c)),
    lambda c, d, s: stages.close_stage(d, c.choice(_STAGES), s, *_regardless(c)),
    lambda c, d, s: stages.reopen_stage(d, c.choice(_STAGES), s, said(c)),
    lambda c, d, s: stages.add_marker_evidence(
        d, c.choice(_STAGES), _side(c), s, note=said(c), against=_against(c)
    ),
    lambda c, d, s: stages.confirm_marker(d, c.choice(_STAGES), _side(c), s),
    lambda c, d, s: stages.challenge_marker(d, c.choice(_STAGES), _side(c), s, said(c)),
    lambda c, d, s: stages.answer(
        d, c.choice(_QUESTIONS), c.choice(("yes", "no", "unsure")), s, said(c)
    ),
    lambda c, d, s: contacts.add(d, s, name=said(c), rung=_climb(c), **_person(c)),
    lambda c, d, s: contacts.edit(
        d, any_of(c, d.contacts), s, roles=tuple(c.sample(_ROLES, 2)), **_person(c)
    ),
    lambda c, d, s: contacts.edit(
        d, any_of(c, d.contacts), s, reports_to=c.choice((None, any_of(c, d.contacts)))
    ),
    lambda c, d, s: contacts.set_rung(d, any_of(c, d.contacts), _climb(c), s),
    lambda c, d, s: contacts.confirm_rung(d, any_of(c, d.contacts), s),
    lambda c, d, s: contacts.challenge_rung(d, any_of(c, d.contacts), s, said(c)),
    lambda c, d, s: contacts.judge_style(d, any_of(c, d.contacts), "driving", None, s, said(c)),
    lambda c, d, s: contacts.edit(d, any_of(c, d.contacts), s, name=said(c)),
    lambda c, d, s: contacts.edit(
        d, any_of(c, d.contacts), s, name=said(c), stance=c.choice((None, "for", "against"))
    ),
    lambda c, d, s: contacts.involve(
        d, any_of(c, [key for key, _ in contacts.others(d)]), s, roles=(c.choice(_ROLES),)
    ),
    lambda c, d, s: contacts.mark_left(d, any_of(c, d.contacts), s, c.random() < 0.5),
    lambda c, d, s: actions.add(d, s, said(c), some_day(c, s), said(c), item=_item(c)),
    lambda c, d, s: actions.done(d, any_of(c, d.actions), s, said(c)),
    lambda c, d, s: actions.done_with_evidence(d, any_of(c, d.actions), s, said(c)),
    lambda c, d, s: actions.reopen(d, any_of(c, d.actions), s),
    lambda c, d, s: actions.snooze(d, any_of(c, d.actions), some_day(c, s), s),
    lambda c, d, s: actions.edit(d, any_of(c, d.actions), s, text=said(c), owner=said(c)),
    lambda c, d, s: notes.add(d, s, said(c), _item(c), any_of(c, d.contacts)),
    lambda c, d, s: notes.add(d, s, f"{said(c)}\n{said(c)}"),
    lambda c, d, s: phases.set_phase(d, c.choice(("purchase-design", "implementation")), s),
)
"""Every operation on a deal."""

CUSTOMER_DOINGS: tuple[Callable[[random.Random, Customer, Stamp], Customer], ...] = (
    lambda c, d, s: customer_identity.edit(d, s, name=said(c)),
    lambda c, d, s: customer_identity.edit(d, s, other_names=tuple(c.sample(_WORDS, 2))),
    lambda c, d, s: people.add(d, s, name=said(c), rung=_climb(c), **_person(c)),
    lambda c, d, s: people.edit(d, any_of(c, d.people), s, name=said(c), **_person(c)),
    lambda c, d, s: people.edit(
        d, any_of(c, d.people), s, reports_to=c.choice((None, any_of(c, d.people)))
    ),
    lambda c, d, s: people.set_rung(d, any_of(c, d.people), _climb(c), s),
    lambda c, d, s: people.confirm_rung(d, any_of(c, d.people), s),
    lambda c, d, s: people.challenge_rung(d, any_of(c, d.people), s, said(c)),
    lambda c, d, s: people.judge_style(d, any_of(c, d.people), "driving", None, s, said(c)),
    lambda c, d, s: people.mark_left(d, any_of(c, d.people), s, c.random() < 0.5),
    lambda c, d, s: merge_people(d, any_of(c, d.people), any_of(c, d.people), s, LADDER),
    lambda c, d, s: apart.keep_people_apart(d, any_of(c, d.people), any_of(c, d.people), s),
    lambda c, d, s: apart.keep_customers_apart(d, make_customer(c.choice(_WORDS)), s),
    lambda c, d, s: customer_notes.add(d, s, said(c)),
    lambda c, d, s: customer_notes.add(d, s, said(c), person=any_of(c, d.people)),
)
"""Every operation on a customer."""


def first() -> Pair:
    """Return a deal that was just made and three customers, with fields of a later program."""
    customers = [make_customer(name) for name in ("华鼎数据", "华鼎", "Hua Ding Ltd")]
    customers = [Customer.model_validate(_raw(one) | _LATER) for one in customers]
    deal = make_deal(customer=customers[0]).beside(None)
    return Pair(Deal.model_validate(_raw(deal) | _LATER), {one.id: one for one in customers})


def _raw(document: Document) -> dict[str, Any]:
    return document.model_dump(mode="json", by_alias=True)
