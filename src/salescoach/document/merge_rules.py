"""How the fields of a model merge: which are decided together, which only go along, which are sets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """Fields of a part that are decided together, as one value: the side that has its way brings all of them.

    `along` are those that only tell about the others (when, by whom): they go with them and never make a conflict.
    Of an instant among `fields` only matters whether it is there: two who both closed a stage agree.
    """

    fields: tuple[str, ...] = ()
    along: tuple[str, ...] = ()
    ranks: tuple[object, ...] = ()
    """Values of the first field that are steps of one ladder: where both sides climbed it, the higher step is taken."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How the fields of one model merge; a field that no rule names is a value of its own."""

    groups: tuple[Group, ...] = ()
    sets: tuple[str, ...] = ()
    """Tuples that merge as sets: what either side added is added, what either side removed is removed."""
    only_added: tuple[str, ...] = ()
    """Maps in which an entry is never deleted."""
    apart: tuple[str, ...] = ()
    """Fields that `merge` itself sees to."""
    absent_is_untouched: bool = False
    """In a map of such parts a key that is not there means the same as an entry nobody touched."""


PLAIN = Rule()
"""A model of which every field is a value of its own."""
