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


def test_messages_are_not_told_by_notify() -> None:
    """It parses markup, and its toasts lie over the screen: see `widgets.message`."""
    assert [file for file, _, name in _calls() if name == "notify"] == []


def test_no_title_is_set_from_a_plain_string() -> None:
    for path in TUI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Assign):
                names = {one.attr for one in node.targets if isinstance(one, ast.Attribute)}
                assert not names & ATTRIBUTES, path.name
