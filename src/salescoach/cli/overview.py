"""The help of the whole program, and the parser of all commands that shell completion is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.cli.registry import GROUPS, MODULES
from salescoach.text import cell_width

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.output import Output
    from salescoach.words import Words

_GLOBALS = ("--lang zh|en", "--playbook PATH", "--no-color", "--version")


def show(output: Output, words: Words) -> None:
    """Write what the program is, every command with its summary, and the options all of them take."""
    output.line((words("help.usage"), "bold"), " salescoach [COMMAND] [...]")
    output.line()
    output.block(words("help.program"))
    width = max(cell_width(name) for name in MODULES)
    for group, commands in GROUPS:
        output.line()
        output.line((words(f"help.group-{group}"), "bold"))
        for name, _ in commands:
            output.line("  ", (name.ljust(width), "accent"), "  ", words(f"help.{name}"))
    output.line()
    output.line((words("help.global-options"), "bold"))
    width = max(map(len, _GLOBALS))
    for option in _GLOBALS:
        name = option.split(" ", maxsplit=1)[0].removeprefix("--")
        output.line("  ", (option.ljust(width), "accent"), "  ", words(f"help.opt-{name}"))
    output.line()
    output.block(words("help.epilog"))


def full_parser(words: Words) -> argparse.ArgumentParser:
    """Return one parser with every command as a sub-parser; it imports every command's module."""
    from salescoach.cli.dispatch import load
    from salescoach.cli.parser import Parser, add_globals, speaking

    with speaking(words):
        parser = Parser(prog="salescoach", description=words("help.program"))
        add_globals(parser, words)
        parser.add_argument("--version", action="store_true", help=words("help.opt-version"))
        commands = parser.add_subparsers(metavar="COMMAND", dest="command")
        for name in MODULES:
            summary = words(f"help.{name}")
            child = commands.add_parser(name, help=summary, description=summary)
            load(name).add_arguments(child, name, words)
            add_globals(child, words)
    return parser
