"""Which customers, and which people of one customer, are the same: for certain, perhaps, or not.

For certain the same are made one when a home is upgraded; what is only perhaps the same is offered to a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Protocol

from salescoach.customer.legal_names import core, within
from salescoach.customer.models import Customer, Person
from salescoach.customer.names import folded, is_chinese, spellings
from salescoach.customer.reach import emails, is_shared, phones
from salescoach.customer.short_names import is_short_form

if TYPE_CHECKING:
    from salescoach.pinyin import Readings

Likeness = Literal["same", "perhaps", "different"]
Why = Literal["name", "other-name", "legal-form", "contains", "pinyin", "short-name", "reach"]
"""What speaks for two being one: the name, another name of theirs, all but the legal form, one name in the other, the
spelling in Latin letters, a short form of the name, a phone number or e-mail address."""
CONTRADICTING: Final = ("phone", "email", "birthday", "level", "function", "title", "department")
"""Fields that a person has one value of: where two records have different ones, they may be of two people."""
_CROWD: Final = 30
"""How many names one name may be found in; beyond, it is a word of the trade and no sign of anything."""


class Match(NamedTuple):
    """Whether two are one, what speaks for it, and the fields in which they contradict each other."""

    likeness: Likeness
    why: Why | None = None
    against: tuple[str, ...] = ()


DIFFERENT = Match("different")


class Pair(NamedTuple):
    """Two that are perhaps one, by their ids."""

    one: str
    other: str
    match: Match


class Called(Protocol):
    """An organisation or a person, by its names."""

    @property
    def name(self) -> str:
        """The name in use."""

    @property
    def other_names(self) -> tuple[str, ...]:
        """Names that are used too."""


def same_customer(one: Called, other: Called, readings: Readings | None = None) -> Match:
    """Say whether two customers are one organisation; `readings` of their characters let pinyin tell, too."""
    mine, theirs = _names(one), _names(other)
    if folded(one.name) == folded(other.name):
        return Match("same", "name")
    if folded(one.name) in theirs or folded(other.name) in mine:
        return Match("same", "other-name")
    if mine & theirs:
        return Match("perhaps", "other-name")
    cores, their_cores = _cores(one), _cores(other)
    if cores & their_cores:
        return Match("perhaps", "legal-form")
    if _within(one) & their_cores or _within(other) & cores:
        return Match("perhaps", "contains")
    if _spelled(one, readings) & _spelled(other, readings):
        return Match("perhaps", "pinyin")
    return DIFFERENT


def same_person(
    one: Person, other: Person, readings: Readings | None = None, *, beside: bool = False
) -> Match:
    """Say whether two people of one customer are the same.

    They are for certain where a name of theirs is the same, or is a short form of the other's or its spelling, and they
    share a phone number or an e-mail address that only one person answers; and with the same name where only one of them
    has any and nothing contradicts. `beside` says that somebody entered them side by side in one deal: then an
    address that only one of them has proves nothing.
    """
    alike = _named_alike(one, other, readings)
    ways, other_ways = _ways(one), _ways(other)
    shared = ways & other_ways
    against = contradictions(one, other)
    if alike in {"name", "other-name"}:
        one_sided = not (ways and other_ways) and not against and not beside
        return Match("same" if shared or one_sided else "perhaps", alike, against)
    if shared:
        own = any(not is_shared(way) for way in shared)
        if alike is not None:
            return Match("same" if own else "perhaps", alike, against)
        return Match("perhaps", "reach", against) if own else DIFFERENT
    return Match("perhaps", "pinyin", against) if alike == "pinyin" else DIFFERENT


def contradictions(one: Person, other: Person) -> tuple[str, ...]:
    """Return the fields of `CONTRADICTING` in which both have a value and the values cannot both be right."""
    return tuple(name for name in CONTRADICTING if not _agree(name, one, other))


def doubtful_people(customer: Customer, readings: Readings | None = None) -> list[Pair]:
    """Return the pairs of a customer's people who are the same, or perhaps, and whom nobody has called different."""
    people = customer.people
    places = {key: _places(who, readings) for key, who in people.items()}
    found = []
    for one, other in _near(places):
        if customer.are_apart(one, other):
            continue
        match = same_person(people[one], people[other], readings)
        if match.likeness != "different":
            found.append(Pair(one, other, match))
    return found


def doubtful_customers(
    customers: Mapping[str, Called],
    apart: Collection[frozenset[str]] = (),
    readings: Readings | None = None,
) -> list[Pair]:
    """Return the pairs of customers, by id, that are the same, or perhaps, and are not `apart`, pairs of ids.

    A name that is found in the names of very many others tells nothing and is passed over.
    """
    places = {key: _customer_places(one, readings) for key, one in customers.items()}
    inner = {key: _within(one) for key, one in customers.items()}
    cores: dict[str, list[str]] = defaultdict(list)
    for key, one in customers.items():
        for name in _cores(one):
            cores[name].append(key)
    holders: dict[str, list[str]] = defaultdict(list)
    for key, names in inner.items():
        for name in names:
            if name in cores:
                holders[name].append(key)
    pairs = set(_near(places))
    for name, holding in holders.items():
        if len(holding) <= _CROWD:
            pairs |= {_ordered(one, other) for one in holding for other in cores[name]}
    found = []
    for first, second in sorted(pairs):
        if first == second or frozenset((first, second)) in apart:
            continue
        match = same_customer(customers[first], customers[second], readings)
        if match.likeness != "different":
            found.append(Pair(first, second, match))
    return found


def _names(one: Called) -> frozenset[str]:
    return frozenset(map(folded, (one.name, *one.other_names)))


def _cores(one: Called) -> frozenset[str]:
    return frozenset(map(core, (one.name, *one.other_names)))


def _within(one: Called) -> frozenset[str]:
    return frozenset().union(*map(within, (one.name, *one.other_names)))


def _spelled(one: Called, readings: Readings | None) -> frozenset[str]:
    names = (one.name, *one.other_names)
    if isinstance(one, Person):
        return frozenset().union(*(spellings(name, readings) for name in names))
    return frozenset().union(*(spellings(core(name), readings) for name in names))


def _named_alike(one: Person, other: Person, readings: Readings | None) -> Why | None:
    mine, theirs = _names(one), _names(other)
    if folded(one.name) == folded(other.name):
        return "name"
    if mine & theirs:
        return "other-name"
    for first in (one.name, *one.other_names):
        for second in (other.name, *other.other_names):
            if is_short_form(first, second) or is_short_form(second, first):
                return "short-name"
    # Two Chinese names that sound alike are two names; a Chinese and a Latin one are one name written twice.
    if is_chinese(one.name) == is_chinese(other.name):
        return None
    return "pinyin" if _spelled(one, readings) & _spelled(other, readings) else None


def _ways(who: Person) -> frozenset[str]:
    return phones(who.phone) | emails(who.email)


def _agree(name: str, one: Person, other: Person) -> bool:
    mine, theirs = getattr(one, name), getattr(other, name)
    if not mine or not theirs or mine == theirs:
        return True
    if name == "phone":
        return bool(phones(mine) & phones(theirs)) or not (phones(mine) and phones(theirs))
    if name == "email":
        return bool(emails(mine) & emails(theirs)) or not (emails(mine) and emails(theirs))
    if name == "birthday":
        # The year is known to one of them only.
        return mine[-5:] == theirs[-5:] and "" in {mine[:-5], theirs[:-5]}
    return folded(mine) == folded(theirs)


def _places(who: Person, readings: Readings | None) -> frozenset[str]:
    """Return words of which people who may be the same share one."""
    return _names(who) | _ways(who) | _spelled(who, readings)


def _customer_places(one: Called, readings: Readings | None) -> frozenset[str]:
    return _names(one) | _cores(one) | _spelled(one, readings)


def _near(places: Mapping[str, Iterable[str]]) -> list[tuple[str, str]]:
    """Return the pairs of ids that share a place."""
    by_place: dict[str, list[str]] = defaultdict(list)
    for key, words in places.items():
        for word in words:
            by_place[word].append(key)
    crowds = (keys for keys in by_place.values() if 1 < len(keys) <= _CROWD)
    return sorted({_ordered(one, other) for keys in crowds for one, other in combinations(keys, 2)})


def _ordered(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)
