"""Who reports to whom: circles are found, and people others report to are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar


class Reports(Protocol):
    """A person who may report to another one."""

    @property
    def name(self) -> str:
        """The person's name."""

    @property
    def reports_to(self) -> str | None:
        """The id of the superior."""


AnyPerson = TypeVar("AnyPerson", bound=Reports)


def circle(people: Mapping[str, Reports]) -> frozenset[str]:
    """Return the ids of the people who report to themselves in the end."""
    found: set[str] = set()
    for start in people:
        above, seen = people[start].reports_to, {start}
        while above is not None and above in people and above not in seen:
            seen.add(above)
            above = people[above].reports_to
        if above == start:
            found.add(start)
    return frozenset(found)


def with_referred(
    people: Mapping[str, AnyPerson],
    others: Iterable[str | None],
    *sides: Mapping[str, AnyPerson],
) -> dict[str, AnyPerson]:
    """Return `people` with those of the `sides` put back whom somebody reports to, or who are among `others`."""
    found = dict(people)
    while True:
        referred = {one.reports_to for one in found.values()} | set(others)
        back = {
            key: next(side[key] for side in sides if key in side)
            for key in referred.difference(found)
            if key is not None and any(key in side for side in sides)
        }
        if not back:
            return found
        found |= back
