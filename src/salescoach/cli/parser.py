"""Argument parsers that speak the user's language and raise instead of ending the process."""

from __future__ import annotations

import argparse
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from salescoach.text import clean, wrap
from salescoach.words import Words
from salescoach.words.usage import TEXTS as USAGE

if TYPE_CHECKING:
    from collections.abc import Iterator


_COUNTED_BACK = re.compile(r"-\d")
"""How a value begins that is no option although it begins with a dash."""


class UsageError(Exception):
    """A command line that cannot be understood: the message and the usage line of its command."""

    def __init__(self, message: str, usage: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.usage = usage


class Described(argparse.RawDescriptionHelpFormatter):
    """The form of a help: texts are broken by cells and never inside a word, as wide characters have it."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrap(" ".join(text.split()), width)


class Parser(argparse.ArgumentParser):
    """An argument parser without abbreviations whose mistakes become `UsageError`."""

    def __init__(self, **options: object) -> None:
        options.setdefault("allow_abbrev", False)
        options.setdefault("formatter_class", Described)
        super().__init__(**options)  # type: ignore[arg-type]  # argparse has no typed bag of options
        self.color = False
        # `-3d` is a day, as `-3` is a number: argparse has no public way to say so.
        self._negative_number_matcher = _COUNTED_BACK

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with what argparse found."""
        raise UsageError(message, self.format_usage())


def reason(words: Words) -> type[argparse.Action]:
    """Return the action of an option that says why: an empty text is a UsageError that names the option."""

    class Reason(argparse.Action):
        def __call__(
            self,
            parser: argparse.ArgumentParser,
            namespace: argparse.Namespace,
            values: object,
            option_string: str | None = None,  # noqa: ARG002 - argparse passes it
        ) -> None:
            if not clean(str(values)):
                parser.error(words("cli.option-empty", option=self.option_strings[0]))
            setattr(namespace, self.dest, values)

    return Reason


@contextmanager
def speaking(words: Words) -> Iterator[None]:
    """Let argparse's own sentences be in the language of `words` while the block runs."""
    names = vars(argparse)
    before = names["_"], names["ngettext"]
    if words.lang == "zh":
        table = {english: chinese for chinese, english in USAGE.values()}
        names["_"] = lambda text: table.get(text, text)
        names["ngettext"] = lambda one, many, count: table.get(one, one if count == 1 else many)
    try:
        yield
    finally:
        names["_"], names["ngettext"] = before


def verbs(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """Return the parsers of the verbs below a command such as `action add`."""
    found: list[argparse.ArgumentParser] = []
    for action in parser._actions:  # noqa: SLF001 - argparse has no public way to its subparsers
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            found += action.choices.values()
    return found


def add_globals(parser: argparse.ArgumentParser, words: Words) -> None:
    """Add the options every command takes."""
    group = parser.add_argument_group(words("help.global-options"))
    group.add_argument(
        "--lang", choices=("zh", "en"), default=argparse.SUPPRESS, help=words("help.opt-lang")
    )
    group.add_argument(
        "--playbook", metavar="PATH", default=argparse.SUPPRESS, help=words("help.opt-playbook")
    )
    group.add_argument(
        "--no-color",
        action="store_true",
        default=argparse.SUPPRESS,
        help=words("help.opt-no-color"),
    )
