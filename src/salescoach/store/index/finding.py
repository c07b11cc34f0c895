"""What a typed word is looked for in: texts, folded, a line each."""

from __future__ import annotations

from collections.abc import Iterable

from salescoach.text import fold


def haystack(texts: Iterable[str]) -> str:
    """Return what is searched in a row that has these `texts`, a line each, between line ends."""
    return "\n" + "".join(f"{line}\n" for line in lines_of(texts))


def lines_of(texts: Iterable[str]) -> list[str]:
    """Return what is searched in these texts, line by line."""
    return list(dict.fromkeys(folded for text in texts if (folded := fold(text))))


def head(*names: str) -> int:
    """Return how many characters at the start of what is searched are these names, which are its first texts."""
    return sum(len(line) + 1 for line in lines_of(names))
