"""What a look-up in a playbook and the reading of one refuse, as data that any front end can put into words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from salescoach.text import clean
from salescoach.words import Words

_SHOWN = 300


class Unknown(LookupError):
    """A stage, move or item that the playbook does not have.

    `kind` is "stage", "move" or "item", `asked` the name that was asked for and `near` the keys that come nearest,
    best first.
    """

    def __init__(self, kind: str, asked: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(kind, asked, near)
        self.kind = kind
        self.asked = asked
        self.near = near

    def __str__(self) -> str:
        hint = f" (nearest: {', '.join(self.near)})" if self.near else ""
        return f"no {self.kind} {self.asked!r}{hint}"


class Problem(NamedTuple):
    """One mistake in a playbook: where it is, what is wrong and how to mend it.

    `file` is relative to the edition's folder, `path` leads to the value (`moves[2].items[1].text.en`, counted from
    zero; empty for the whole file), `within` is the key of the innermost table around it. `code` names the sentences
    `playbook_problems.<code>` and `playbook_problems.<code>-mend`, which `params` fill in.
    """

    file: str
    path: str
    code: str
    params: Mapping[str, str] = MappingProxyType({})
    within: str = ""

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return self.tell(Words("en"))

    @property
    def mend(self) -> str:
        """How to mend it, in English."""
        return self.tell(Words("en"), "-mend")

    def tell(self, words: Words, part: str = "") -> str:
        """Return what is wrong or, for the part `-mend`, how to mend it, in the language of `words`."""
        return words(f"playbook_problems.{self.code}{part}", **self.params)

    def line(self, words: Words) -> str:
        """Return the whole problem as one line without control characters."""
        place = [shown(self.file)]
        if self.path:
            place.append(shown(self.path) + (f" ({shown(self.within)})" if self.within else ""))
        return clean(f"{': '.join(place)}: {self.tell(words)}; {self.tell(words, '-mend')}")

    def __str__(self) -> str:
        return self.line(Words("en"))


class PlaybookInvalid(Exception):
    """A playbook with mistakes; `errors` lists all of them."""

    def __init__(self, errors: tuple[Problem, ...]) -> None:
        super().__init__(errors)
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(map(str, self.errors))


class CopyRefused(Exception):
    """An edition that was not copied; `code` is a word of the area `playbook_problems`, `params` fill it in."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def tell(self, words: Words) -> str:
        """Return the refusal as one line in the language of `words`."""
        return clean(words(f"playbook_problems.{self.code}", **self.params))

    def __str__(self) -> str:
        return self.tell(Words("en"))


def shown(text: str) -> str:
    """Return a foreign text as it may stand in a problem: cleaned, on one line, not too long."""
    text = clean(text[: 2 * _SHOWN])
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
