"""Finds in the settings what no screen can obey: keys for commands that are none, one key for two commands, unknown themes."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from difflib import get_close_matches
from importlib import import_module

from textual.theme import BUILTIN_THEMES

from salescoach.settings import Settings
from salescoach.text import clean, truncate
from salescoach.tui import customer, deal, home, screens
from salescoach.tui.app import PLAIN_THEMES
from salescoach.tui.commands import Command, key_sign
from salescoach.tui.screens.base import APP_COMMANDS
from salescoach.words import Words


def commands_by_screen() -> dict[str, dict[str, Command]]:
    """Return each screen's commands by id, by the name of its class, those of the whole app among them."""
    found: dict[str, dict[str, Command]] = {}
    for module in modules_with_screens():
        for name, thing in vars(import_module(module)).items():
            here = getattr(thing, "COMMANDS_HERE", None)
            if isinstance(thing, type) and here:
                found[name] = {command.id: command for command in (*APP_COMMANDS, *here)}
    return found


def modules_with_screens() -> Iterator[str]:
    """Yield the names of all modules in which a screen may be."""
    for package in (screens, home, deal, customer):
        for module in pkgutil.iter_modules(package.__path__):
            yield f"{package.__name__}.{module.name}"


def setting_problems(settings: Settings, words: Words) -> list[str]:
    """Return what is wrong with the settings' keymap and theme, a sentence each."""
    return [*_theme(settings.theme, words), *_keymap(settings, words)]


def _theme(theme: str, words: Words) -> Iterator[str]:
    if theme not in PLAIN_THEMES and theme not in BUILTIN_THEMES:
        names = [*PLAIN_THEMES, *sorted(BUILTIN_THEMES)]
        near = get_close_matches(theme, names, n=3) or names[: len(PLAIN_THEMES)]
        yield words("doctor.theme-unknown", theme=_shown(theme), near=", ".join(near))


def _keymap(settings: Settings, words: Words) -> Iterator[str]:
    if not settings.keymap:
        return
    places = commands_by_screen()
    known = {id_ for commands in places.values() for id_ in commands}
    for id_ in settings.keymap:
        if id_ not in known:
            yield words("doctor.command-unknown", id=_shown(id_), near=", ".join(_near(id_, known)))
    told = set()
    for commands in places.values():
        keys: dict[str, str] = {}
        for id_, command in commands.items():
            for key in settings.keymap.get(id_, command.keys).split(","):
                other = keys.setdefault(key.strip(), id_)
                pair = (key.strip(), *sorted((id_, other)))
                if other == id_ or pair in told or not {id_, other} & settings.keymap.keys():
                    continue
                told.add(pair)
                names = ", ".join(f"{one} ({words('keys.' + one)})" for one in (other, id_))
                yield words("doctor.key-twice", key=key_sign(_shown(key)), names=names)


def _near(id_: str, known: set[str]) -> list[str]:
    """Return the nearest commands: by the whole id, or by what stands behind its screen."""
    found = get_close_matches(id_, known, n=3, cutoff=0.6)
    last = id_.rpartition(".")[2]
    return (
        found or sorted(one for one in known if one.rpartition(".")[2] == last)[:3] or ["app.help"]
    )


def _shown(text: str) -> str:
    return truncate(clean(text), 60)
