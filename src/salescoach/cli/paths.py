"""`salescoach paths`: where everything lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.words import Words

_NAMES = (
    "config_file",
    "workdays",
    "playbook",
    "deals",
    "history",
    "locks",
    "quarantine",
    "state",
    "cache",
)


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the form."""
    parser.add_argument("--json", action="store_true", help=words("help.json"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Write every place with what it is for."""
    places = {name: str(getattr(context.paths, name)) for name in _NAMES}
    if args.json:
        context.out.json("paths", {"paths": places})
        return 0
    for name, place in places.items():
        context.out.line(f"{name.removesuffix('_file'):<12}", place)
    return 0
