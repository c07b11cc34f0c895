"""What a typed word is looked for in: a deal's texts, folded, a line each."""

from __future__ import annotations

from collections.abc import Iterable

from salescoach.text import fold


def haystack(texts: Iterable[str]) -> str:
    """Return what is searched for a deal that has these `texts`, a line each, between line ends."""
    return "\n" + "".join(f"{line}\n" for line in lines_of(texts))


def lines_of(texts: Iterable[str]) -> list[str]:
    """Return what is searched in these texts, line by line."""
    return list(dict.fromkeys(folded for text in texts if (folded := fold(text))))


def head(name: str, customer: str) -> int:
    """Return how many characters at the start of what is searched are the deal's name and customer."""
    return sum(len(text) + 1 for text in {fold(name), fold(customer)} if text)
