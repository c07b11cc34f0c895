"""Foreign text never reaches a widget that would read it as markup."""

from __future__ import annotations

import ast
from pathlib import Path

import salescoach.tui

TUI = Path(salescoach.tui.__file__).parent
PARSING = {
    "Static", "Label", "Button", "OptionList", "Checkbox", "RadioButton", "Select", "SelectionList",
    "Tab", "Tabs", "TabPane", "Collapsible", "DataTable", "Tree", "Markdown", "Switch", "Link",
}  # fmt: skip
ATTRIBUTES = {"border_title", "border_subtitle", "tooltip"}


def _calls() -> list[tuple[str, ast.Call, str]]:
    found = []
    for path in TUI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                func = node.func
                name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
                found.append((path.name, node, name))
    return found


def test_no_widget_that_parses_markup_is_used() -> None:
    assert [(file, name) for file, _, name in _calls() if name in PARSING] == []


def test_notify_is_called_without_markup() -> None:
    calls = [(file, call) for file, call, name in _calls() if name == "notify"]
    assert calls
    for file, call in calls:
        flags = {word.arg: word.value for word in call.keywords}
        value = flags.get("markup")
        assert isinstance(value, ast.Constant), file
        assert value.value is False, file


def test_no_title_is_set_from_a_plain_string() -> None:
    for path in TUI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Assign):
                names = {one.attr for one in node.targets if isinstance(one, ast.Attribute)}
                assert not names & ATTRIBUTES, path.name
