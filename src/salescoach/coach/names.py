"""Names of fields, keys and values in words, from the playbook and the program's own; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from salescoach.playbook.models import Entry, Playbook
from salescoach.words import Words

if TYPE_CHECKING:
    from salescoach.coach.progress import Standing


def join(words: Words, parts: Iterable[str]) -> str:
    """Return names as a list."""
    return words("fields.list-separator").join(parts)


def word(words: Words, name: str) -> str:
    """Return the name of a field, or of one of its values; what has none is returned as it is."""
    try:
        return words(f"fields.{name}")
    except KeyError:
        return name


def value(words: Words, field: str, value: str) -> str:
    """Return a field's value in words where it is one of a fixed list."""
    if not value:
        return words("fields.empty-value")
    label = f"{field}-{value}"
    told = word(words, label)
    return value if told == label else told


def state_mark(words: Words, state: Standing, *, by_data: bool = False) -> str:
    """Return the four-cell mark of an item's state, readable without colour; what the deal's data meets has its own."""
    return words("marks.data" if by_data and state == "evidenced" else f"marks.{state}")


def stage(words: Words, playbook: Playbook, key: str) -> str:
    """Return a stage's number and name."""
    for number, stage in enumerate(playbook.stages, 1):
        if stage.key == key:
            return f"{number} {stage.name.get(words.lang)}"
    return key


def move(words: Words, playbook: Playbook, key: str) -> str:
    """Return a move's number and name."""
    for number, stage in enumerate(playbook.stages, 1):
        for place, move in enumerate(stage.moves, 1):
            if move.key == key:
                return f"{number}.{place} {move.name.get(words.lang)}"
    return key


def item(words: Words, playbook: Playbook, key: str) -> str:
    """Return an item's text."""
    place = playbook.places.get(key)
    if place is not None:
        return place.item.text.get(words.lang)
    return words("events.retired", key=key) if key else ""


def entry(words: Words, entries: Iterable[Entry], key: str) -> str:
    """Return the name of the entry with this key."""
    return next((one.name.get(words.lang) for one in entries if one.key == key), key)


def role(words: Words, playbook: Playbook, key: str) -> str:
    """Return a role's name."""
    return entry(words, playbook.tools.organisation.roles, key)


def rung(words: Words, playbook: Playbook, key: str) -> str:
    """Return a rung's name, for no key that of the ladder's bottom."""
    ladder = playbook.tools.relationship
    return entry(words, (ladder.none, *ladder.rungs), key or ladder.none.key)


def activity(words: Words, playbook: Playbook, key: str) -> str:
    """Return the name of an activity that leads to a rung."""
    rungs = playbook.tools.relationship.rungs
    return entry(words, (one for rung in rungs for one in rung.activities), key)


def function(words: Words, playbook: Playbook, key: str) -> str:
    """Return a function's name."""
    return entry(words, playbook.tools.organisation.functions, key)


def asks(words: Words, playbook: Playbook, key: str) -> str:
    """Return the question that finds out who has a role, for no key who has any key role."""
    if not key:
        return words("advice.asks-any")
    for one in playbook.tools.organisation.roles:
        if one.key == key and one.ask is not None:
            return one.ask.get(words.lang)
    return words("advice.asks-role", role=role(words, playbook, key))


def about(words: Words, playbook: Playbook, what: str) -> str:
    """Return the name of what a piece of advice is about: `item:KEY`, `stage:KEY`, `role:KEY`, `name:TEXT` or `deal`."""
    kind, _, key = what.partition(":")
    if kind == "deal":
        return words("advice.about-deal")
    told = key if kind == "name" else NAMES[kind](words, playbook, key)
    return words("advice.about-one", name=told)


def phase(words: Words, playbook: Playbook, key: str) -> str:
    """Return a buying phase's name."""
    return entry(words, playbook.tools.phases.phases, key) or words("fields.empty-value")


def style(words: Words, playbook: Playbook, key: str) -> str:
    """Return a style's name."""
    return entry(words, playbook.tools.styles.styles, key)


def question(words: Words, playbook: Playbook, key: str) -> str:
    """Return the text of a question that judges the opportunity."""
    return entry(words, playbook.tools.opportunity.questions, key)


NAMES: dict[str, Callable[[Words, Playbook, str], str]] = {
    "stage": stage,
    "next_stage": stage,
    "next_rung": rung,
    "activity": activity,
    "function": function,
    "asks": asks,
    "about": about,
    "move": move,
    "item": item,
    "role": role,
    "rung": rung,
    "rung_before": rung,
    "phase": phase,
    "phase_before": phase,
    "style": style,
    "question": question,
}
