"""Names of customers and people: folded for comparing, gathered without repeats, and told where they changed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from salescoach.customer.models import Customer, Person
from salescoach.document.change import differences
from salescoach.text import clean

if TYPE_CHECKING:
    from salescoach.pinyin import Readings

_SEPARATOR = "; "
"""Between names in an event: a name may have spaces, and the Chinese comma."""
_TELLING = frozenset("&#@%*/\\")
_LONGEST_READ = 12
"""Characters of a name that is spelled out; a longer one is no name that somebody spells."""
_MOST_READINGS = 16
"""Of a name whose characters have several readings each."""


def folded(name: str) -> str:
    """Return a name as it is compared: width and case folded, without spaces, points, dashes, brackets and quotes.

    Signs that tell names apart, as in `C++` or `AT&T`, stay. A name of nothing but marks is returned with them.
    """
    plain = unicodedata.normalize("NFKC", clean(name)).casefold()
    return "".join(char for char in plain if not _is_mark(char)) or plain.strip()


def words_of(name: str) -> list[str]:
    """Return the words of a name, folded; a name in Chinese characters is one word."""
    plain = unicodedata.normalize("NFKC", clean(name)).casefold().replace("'", "")
    return "".join(" " if _is_mark(char) else char for char in plain).split()


def is_chinese(text: str) -> bool:
    """Say whether a text has Chinese characters."""
    return any("\u3400" <= char <= "\u9fff" or char >= "\U00020000" for char in text)


def spellings(name: str, readings: Readings | None) -> frozenset[str]:
    """Return how a name is spelled in Latin letters, with either end first: 李伟 is `liwei` and `weili`.

    A Chinese name is spelled by its `readings`, where they are known; a name of digits and marks has no spelling.
    """
    if not is_chinese(name):
        words = [word.replace("ü", "v") for word in words_of(name)]
        turned = (words, words[1:] + words[:1], words[-1:] + words[:-1])
        return frozenset("".join(one) for one in turned if _are_letters(one))
    if readings is None:
        return frozenset()
    read = [readings.of.get(char, "").split() or [char] for char in folded(name)]
    if len(read) > _LONGEST_READ or not all(one.isascii() for each in read for one in each):
        return frozenset()
    ways: list[list[str]] = [[]]
    for each in read:
        ways = [[*way, one] for way in ways for one in each][:_MOST_READINGS]
    turns = (one for way in ways for one in (way, way[1:] + way[:1], way[-1:] + way[:-1]))
    return frozenset(map("".join, turns))


def _are_letters(words: Sequence[str]) -> bool:
    return bool(words) and all(word.isascii() and word.isalpha() for word in words)


def _is_mark(char: str) -> bool:
    kind = unicodedata.category(char)
    return kind[0] in "ZC" or (kind[0] == "P" and char not in _TELLING)


def others(name: str, *given: Iterable[str]) -> tuple[str, ...]:
    """Return the names of `given` that are not `name`, each once, however they are written; empty ones are left out."""
    seen, kept = {folded(name), ""}, list[str]()
    for each in (one for names in given for one in names):
        if (key := folded(each)) not in seen:
            seen.add(key)
            kept.append(each)
    return tuple(kept)


def split(told: str) -> list[str]:
    """Return the other names that an event tells; see `changed`."""
    return told.split(_SEPARATOR)


def changed(
    before: Customer | Person, after: Customer | Person, fields: Sequence[str]
) -> dict[str, str]:
    """Return what an event tells of `fields` that differ; see `document.change.differences`."""
    about = differences(before, after, fields)
    for side, part in (("before", before), ("after", after)):
        if f"other_names.{side}" in about:
            about[f"other_names.{side}"] = _SEPARATOR.join(part.other_names)
    return about
