"""Everything the program says is there in both languages, and every word that the code asks for exists."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from pathlib import Path
from string import Formatter

import pytest

import salescoach.words
from salescoach.tui.commands import Command
from salescoach.tui.keymap import modules_with_screens
from salescoach.tui.screens.base import APP_COMMANDS

SOURCE = Path(salescoach.words.__file__).resolve().parents[1]
AREAS = [module.name for module in pkgutil.iter_modules(salescoach.words.__path__)]
TABLES: dict[str, dict[str, tuple[str, str]]] = {
    area: importlib.import_module(f"salescoach.words.{area}").TEXTS for area in AREAS
}


def _fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_say_the_same(area: str) -> None:
    for name, (zh, en) in TABLES[area].items():
        assert zh.strip(), name
        assert en.strip(), name
        assert _fields(zh) == _fields(en), name


def _commands() -> set[str]:
    ids = {command.id for command in APP_COMMANDS}
    for module in modules_with_screens():
        loaded = importlib.import_module(module)
        for thing in vars(loaded).values():
            ids |= {
                one.id for one in getattr(thing, "COMMANDS_HERE", ()) if isinstance(one, Command)
            }
    return ids


def test_every_command_has_a_label_and_a_sentence() -> None:
    ids = _commands()
    assert len(ids) > 60
    assert ids <= TABLES["keys"].keys()
    assert ids <= TABLES["helps"].keys()


def test_no_two_commands_of_a_screen_share_a_key() -> None:
    for module in modules_with_screens():
        loaded = importlib.import_module(module)
        for thing in vars(loaded).values():
            keys = [
                key for one in getattr(thing, "COMMANDS_HERE", ()) for key in one.keys.split(",")
            ]
            assert len(keys) == len(set(keys)), thing


def _asked() -> list[tuple[str, str]]:
    """Return (file, word) for every literal `words("area.name"...)` in the source."""
    found = []
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            name = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            first = node.args[0]
            if name in {"words", "_words"} and isinstance(first, ast.Constant):
                found.append((path.name, str(first.value)))
    return found


def test_every_word_asked_for_exists() -> None:
    asked = _asked()
    assert len(asked) > 200
    missing = []
    for file, word in asked:
        area, _, name = word.partition(".")
        if re.fullmatch(r"[a-z_]+\.[a-z0-9.-]+", word) and name not in TABLES.get(area, {}):
            missing.append((file, word))
    assert missing == []
