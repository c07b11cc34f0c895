"""How a typed word finds a deal: folded text, full pinyin and initials."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from salescoach.text import clean

_BORDER = "\x1f"


def fold(text: str) -> str:
    """Return `text` so that full width, case and spacing no longer tell texts apart."""
    return " ".join(unicodedata.normalize("NFKC", clean(text)).casefold().split())


def haystack(texts: Iterable[str], known: str = "") -> str:
    """Return what is searched for a deal that has these `texts`, one a line: folded, then in pinyin.

    `known` is an earlier result: where the texts are still the same, it is returned, and no pinyin is looked up.
    """
    plain = "\n" + "\n".join(dict.fromkeys(folded for text in texts if (folded := fold(text))))
    if known.partition(_BORDER)[0] == plain:
        return known
    spelled = dict.fromkeys(
        key for line in plain.split("\n") if not line.isascii() for key in _spell(line)
    )
    return plain + _BORDER + "".join(f"\n{key}" for key in spelled)


def head(name: str, customer: str) -> int:
    """Return how many characters at the start of what is searched are the deal's name and customer."""
    return sum(len(text) + 1 for text in {fold(name), fold(customer)} if text)


def sort_key(text: str) -> str:
    """Return what a text is sorted by: its pinyin, where it is Chinese."""
    folded = fold(text)
    return folded if folded.isascii() else (_spell(folded) or (folded,))[0]


@lru_cache(maxsize=4096)
def _spell(text: str) -> tuple[str, ...]:
    """Return the full pinyin and the initials of a text, without spaces; nothing when neither is plain letters."""
    from pypinyin import lazy_pinyin

    # What is not Chinese comes back behind a mark, so that only syllables are cut to their initials.
    parts = lazy_pinyin(text, errors=lambda rest: _BORDER + rest)
    full = "".join("".join(part.strip(_BORDER).split()) for part in parts)
    short = "".join("".join(part[1:].split()) if part[0] == _BORDER else part[0] for part in parts)
    return tuple(key for key in (full, short) if key and key != "".join(text.split()))
