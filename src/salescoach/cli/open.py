"""`salescoach open`: starts the app, if wanted on one deal; also what `salescoach` alone does."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.words import Words


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the deal to open."""
    parser.add_argument("deal", metavar="DEAL", nargs="?", help=words("help.open-deal"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Start the app and return its exit code."""
    deal = context.deal_id(args.deal) if args.deal else None
    return start(context, deal)


def need_terminal(context: Context) -> None:
    """Raise Failure where there is no terminal for the app."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        from salescoach.cli.context import Failure

        raise Failure(context.words("cli.needs-terminal"))


def start(context: Context, deal: str | None = None) -> int:
    """Start the app and return its exit code."""
    need_terminal(context)
    if not context.options.color:
        os.environ["NO_COLOR"] = "1"
    from salescoach import tui

    return tui.run(lang=context.options.lang, playbook=context.playbook_path, deal=deal)
