"""`salescoach config`: the user's settings: shown, edited, found, changed one by one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.words import Words


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the things that can be done with settings."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    parsers = {
        name: verbs.add_parser(
            name, help=words(f"help.config-{name}"), description=words(f"help.config-{name}")
        )
        for name in ("show", "edit", "path", "set")
    }
    for name in ("show", "path"):
        parsers[name].add_argument("--json", action="store_true", help=words("help.json"))
    parsers["set"].add_argument("key", metavar="KEY", help=words("help.config-key"))
    parsers["set"].add_argument("value", metavar="VALUE", help=words("help.config-value"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Do what the verb says."""
    if args.verb == "show":
        return _show(context, as_json=args.json)
    if args.verb == "set":
        return _set(context, args.key, args.value)
    if args.verb == "edit":
        return _edit(context)
    path = str(context.paths.config_file)
    if args.json:
        context.out.json("config-path", {"path": path})
    else:
        context.out.line(path)
    return 0


def _show(context: Context, *, as_json: bool) -> int:
    from salescoach.settings import KEYS

    settings, warnings = context.loaded_settings
    values = {key: getattr(settings, key) for key in KEYS}
    values["keymap"] = dict(settings.keymap)
    if as_json:
        told = [{"key": warning.key, "text": str(warning)} for warning in warnings]
        context.out.json("config", {"settings": values, "warnings": told})
        return 0
    for warning in warnings:
        context.out.tell((str(warning), "warning"))
    width = max(map(len, KEYS))
    for key, value in values.items():
        if key != "keymap":
            context.out.line((key.ljust(width), "bold"), f"  {value}")
    for name, keys in settings.keymap.items():
        context.out.line(("keymap".ljust(width), "bold"), f"  {name} = {keys}")
    return 0


def _set(context: Context, key: str, value: str) -> int:
    from salescoach.settings import set_setting

    before = context.settings.user_id
    whole = value.strip()
    typed = int(whole) if whole.isascii() and whole.isdecimal() and len(whole) < 10 else value
    paths = context.paths
    set_setting(paths.config_file, key, typed, context.words, lock=paths.settings_lock)
    if key == "user_id" and before not in {"", value.strip().lower()}:
        context.out.tell((context.words("cli.user-id-joined", before=before), "warning"))
    context.out.tell(context.words("cli.setting-saved", key=key, value=value))
    return 0


def _edit(context: Context) -> int:
    """Open the file in the user's editor, written with comments the first time, and tell what is wrong afterwards."""
    import shlex
    import subprocess

    from salescoach.cli.context import Failure
    from salescoach.settings import load_settings, write_template

    path = context.paths.config_file
    write_template(path, context.words)
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or _usual_editor()
    try:
        command = [*shlex.split(editor), str(path)]
        code = subprocess.run(command, check=False).returncode
    except (OSError, ValueError):
        raise Failure(context.words("cli.no-editor", editor=editor, path=str(path))) from None
    for warning in load_settings(path, context.environ)[1]:
        context.out.tell((str(warning), "warning"))
    return 0 if code == 0 else 1


def _usual_editor() -> str:
    return "notepad" if os.name == "nt" else "vi"
