"""What an edition changes for deals worked with another: what is gone, what means something else, gates without a way.

None of this is a mistake that keeps an edition from being used; it is told to whoever edits it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import NamedTuple

from salescoach.playbook.models import RUNG_OF_CHECK, Item, Marker, Playbook, Text
from salescoach.text import clean
from salescoach.words import LANGS, Words

SAME_MEANING = 0.4
"""The least similarity (0 to 1) of two texts of an item for them to be taken as a rewording of one another.

Rewordings of packaged items that were tried lie above 0.5; of any two different items 98 in 100 lie below 0.4. A text
that says the opposite in nearly the same words is not noticed.
"""
_LADDER = tuple(RUNG_OF_CHECK.values())
_WANTED: Mapping[str, int] = {check: rank for rank, check in enumerate(RUNG_OF_CHECK, 1)}
"""How far up the ladder a check looks."""
_LITTLE = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "has",
        "have",
        "in",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "our",
        "that",
        "the",
        "their",
        "to",
        "was",
        "we",
        "what",
        "who",
        "with",
    ]
)
_KEY_LIMIT = 64


class Concern(NamedTuple):
    """One thing to look at in an edition: `code` and `params` as for a Problem; whom it touches.

    `stage` is the key of a stage that is gone, `items` the keys of items that are gone or mean something else: a deal that
    has one of them is touched.
    """

    code: str
    params: Mapping[str, str] = MappingProxyType({})
    stage: str = ""
    items: frozenset[str] = frozenset()

    @property
    def is_gone(self) -> bool:
        """Whether something is gone, rather than changed or without a way."""
        return self.code in {"stage-gone", "move-gone"}

    def tell(self, words: Words) -> str:
        """Return what there is to look at, as one line."""
        return clean(words(f"playbook_problems.{self.code}", **self.params))

    def mend(self, words: Words) -> str:
        """Return what to do about it."""
        return clean(words(f"playbook_problems.{self.code}-mend", **self.params))


def concerns(playbook: Playbook, origin: Playbook, words: Words) -> tuple[Concern, ...]:
    """Return what there is to look at in `playbook`, which was made from `origin`, its names in the language of `words`."""
    related = playbook.id == origin.id or _shared(playbook, origin) >= 0.5
    compared = (*_gone(playbook, origin, words), *_changed(playbook, origin)) if related else ()
    return (*compared, *_without_a_way(playbook, words))


def _shared(playbook: Playbook, origin: Playbook) -> float:
    """Return how many of an edition's items have the key of one of the other's, as a share."""
    return len(playbook.places.keys() & origin.places.keys()) / len(playbook.places)


def _gone(playbook: Playbook, origin: Playbook, words: Words) -> Iterator[Concern]:
    stages = {stage.key for stage in playbook.stages}
    moves = {move.key for stage in playbook.stages for move in stage.moves}
    for number, stage in enumerate(origin.stages, 1):
        name = stage.name.get(words.lang)
        if stage.key not in stages:
            items = frozenset(item.key for move in stage.moves for item in move.items)
            params = {"name": f"{number} {name}", "key": stage.key}
            yield Concern("stage-gone", params, stage.key, items - playbook.places.keys())
            continue
        for at, move in enumerate(stage.moves, 1):
            # A move whose items were all taken over by another is not gone, only its heading is.
            items = frozenset(item.key for item in move.items) - playbook.places.keys()
            if move.key not in moves and items:
                params = {"name": f"{number}.{at} {move.name.get(words.lang)}", "key": move.key}
                yield Concern("move-gone", params, items=items)


def _changed(playbook: Playbook, origin: Playbook) -> Iterator[Concern]:
    for key, place in playbook.places.items():
        was = origin.places.get(key)
        if was is None or similarity(place.item.text, was.item.text) >= SAME_MEANING:
            continue
        params = {
            "number": place.number,
            "key": key,
            "new": place.item.text.zh,
            "old": was.item.text.zh,
            "suggested": _new_key(place.item, {*playbook.places, *origin.places}),
        }
        yield Concern("meaning-changed", params, items=frozenset({key}))


def similarity(one: Text, other: Text) -> float:
    """Return how much two texts say in the same words, from 0 to 1, in the language in which they are nearest."""
    return max(_similarity(one.get(lang), other.get(lang)) for lang in LANGS)


def _similarity(one: str, other: str) -> float:
    first, second = one.casefold(), other.casefold()
    # The order of the words counts for a part only: a sentence turned round says the same.
    in_order = SequenceMatcher(None, first, second, autojunk=False).ratio()
    a, b = Counter(_pieces(first)), Counter(_pieces(second))
    total = a.total() + b.total()
    shared = 2 * (a & b).total() / total if total else 1.0
    return max(shared, (in_order + shared) / 2)


def _pieces(text: str) -> list[str]:
    """Return the words that say something, cut to their stems; of Chinese, pairs of characters."""
    words = [word[:5] for word in re.findall(r"[a-z0-9]+", text) if word not in _LITTLE]
    for run in re.findall(r"[\u3400-\u9fff]+", text):
        words += [run[i : i + 2] for i in range(max(1, len(run) - 1))]
    return words


def _new_key(item: Item, taken: set[str]) -> str:
    """Return a key that says what the item is about and that no item has."""
    words = re.findall(r"[a-z0-9]+", item.text.en.casefold().replace("'", ""))
    telling = [word for word in words if word not in _LITTLE][:4]
    key = "-".join(telling)[:_KEY_LIMIT].rstrip("-")
    if not key or not key[0].isalpha() or key in taken:
        key = item.key[: _KEY_LIMIT - 3]
        number = 2
        while f"{key}-{number}" in taken:
            number += 1
        key = f"{key}-{number}"
    return key


def _without_a_way(playbook: Playbook, words: Words) -> Iterator[Concern]:
    """Find checks to which no activity of the ladder leads, and checks of key contacts in an edition that names none."""
    rungs = {rung.key: rung for rung in playbook.tools.relationship.rungs}
    named = any(role.is_key for role in playbook.tools.organisation.roles)
    for place, check in _checks(playbook, words):
        for key in _LADDER[: _WANTED.get(check, 0)]:
            rung = rungs.get(key)
            if rung is not None and not any(act.progress for act in rung.activities):
                params = {"place": place, "check": check, "rung": rung.name.get(words.lang)}
                yield Concern("no-way-to-rung", params)
                break
        if not named and (check.startswith("key-contacts-") or check == "styles-judged"):
            yield Concern("no-key-role", {"place": place, "check": check})


def _checks(playbook: Playbook, words: Words) -> Iterator[tuple[str, str]]:
    for number, stage in enumerate(playbook.stages, 1):
        sides: tuple[tuple[str, Marker], ...] = (("entry", stage.entry), ("exit", stage.exit))
        for side, marker in sides:
            if marker.auto is not None:
                yield f"{number} {stage.name.get(words.lang)}: {side}", marker.auto
    for place in playbook.places.values():
        if place.item.auto is not None:
            yield f"{place.number} {place.item.key}", place.item.auto
