"""`salescoach completion`: the shell's own script that completes commands and options."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.words import Words

_SHELLS = ("bash", "zsh", "tcsh", "fish")


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the shell."""
    parser.add_argument("shell", choices=_SHELLS, help=words("help.completion-shell"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Write the script."""
    import shtab

    from salescoach.cli.overview import full_parser

    context.out.raw(shtab.complete(full_parser(context.words), args.shell) + "\n")
    return 0
