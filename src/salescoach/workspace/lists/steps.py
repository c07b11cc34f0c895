"""Advice as the index keeps it: from which day on what is said, told without models and playbook."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, NamedTuple

from salescoach.words import Words
from salescoach.words.advice import tell


class Step(NamedTuple):
    """A piece of advice on a day: the rule, what to do and why."""

    rule: str
    text: str
    why: str


def step_on(schedule: str, today: date, words: Words) -> Step | None:
    """Return what a schedule says on a day; None where it says nothing.

    `schedule` is JSON: a list of the ISO date from which a piece of advice holds, empty for always, and the piece as
    `coach.tell.stored_advice` gives it, in the order of the days.
    """
    try:
        return _told(schedule, today, words)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # a damaged cache holds anything; the next refresh makes it anew


def _told(schedule: str, today: date, words: Words) -> Step | None:
    piece: dict[str, Any] | None = None
    for start, said in json.loads(schedule) if schedule else ():
        if start > today.isoformat():
            break
        piece = said
    if piece is None:
        return None
    stored: dict[str, str] = piece["params"]
    params = {name: text for name, text in stored.items() if "." not in name}
    ending = f".{words.lang}"
    params |= {
        name.removesuffix(ending): text for name, text in stored.items() if name.endswith(ending)
    }
    for name, start in piece["counts"].items():
        params[name] = str(max(0, (today - date.fromisoformat(start)).days))
    return Step(piece["rule"], *tell(words, piece["rule"], piece["way"], piece["again"], params))
