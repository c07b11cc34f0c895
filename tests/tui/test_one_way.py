"""One way to say a thing: keys, marks and words are the same in the app, the help, the shell and the read-me."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from salescoach.deal import items
from salescoach.playbook.models import Entry, Text
from salescoach.samples import install
from salescoach.text import wrap
from salescoach.tui.app import CoachApp
from salescoach.tui.commands import Command, key_sign
from salescoach.tui.deal.tools import entry_paras
from salescoach.tui.screens.base import APP_COMMANDS, CoachScreen, Dialog
from salescoach.words import Words, marks
from salescoach.workspace import open_workspace
from tests.bench.terminal import Terminal
from tests.cli.conftest import Run, run

from .pilot import WIDE, running, started_before

__all__ = ["run"]

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
PACKAGE = Path(__file__).parents[2] / "src" / "salescoach"


@pytest.mark.parametrize(
    ("keys", "sign"),
    [
        ("ctrl+g,f10", "Ctrl+G"),
        ("f10", "F10"),
        ("shift+tab", "Shift+Tab"),
        ("shift+down", "Shift+↓"),
        ("space,x", "Space"),
        ("escape", "Esc"),
        ("right,l", "→"),
        ("G", "G"),
        ("n,plus", "n"),
        ("question_mark,f1", "?"),
        ("delete,minus", "Del"),
        ("ctrl+shift+z", "Ctrl+Shift+Z"),
    ],
)
def test_a_key_is_shown_as_it_stands_on_the_keyboard(keys: str, sign: str) -> None:
    assert key_sign(keys) == sign


def _commands() -> set[Command]:
    import salescoach.tui.screens as package

    for path in Path(package.__path__[0]).glob("*.py"):
        __import__(f"salescoach.tui.screens.{path.stem}")
    found: set[Command] = set(APP_COMMANDS)
    waiting: list[type[CoachScreen[Any] | Dialog[Any]]] = [CoachScreen, Dialog]
    while waiting:
        kind = waiting.pop()
        found.update(kind.COMMANDS_HERE)
        waiting += kind.__subclasses__()
    return found


def test_every_key_with_a_name_is_in_the_read_me_as_the_app_shows_it() -> None:
    signs = {
        key_sign(key)
        for command in _commands()
        for key in command.keys.split(",")
        if "shift" not in key and len(key_sign(key)) > 1
    }
    assert {"Ctrl+G", "Esc", "Space", "F10"} <= signs
    assert [sign for sign in sorted(signs) if f"`{sign}`" not in README] == []
    assert not re.search(r"\^[a-z]\b|\bctrl\+|\besc\b", README)


async def test_the_key_bar_and_the_help_show_the_same_keys() -> None:
    async with running("en") as person:
        await person.press("n")
        assert "Ctrl+G" in person.text
        await person.press("escape", "question_mark")
        await person.press(*["pagedown"] * 2)
        assert "Ctrl+P" in person.text
        assert "^" not in person.text


async def test_a_state_has_one_mark_in_app_and_shell(run: Run) -> None:
    async with running("zh") as person:
        screen = await person.new_deal()
        stamp = person.app.workspace.stamp()
        found = [place.item.key for place in screen.playbook.places.values() if not place.item.auto]
        screen.change(lambda deal: items.tick(deal, found[0], stamp))
        await person.press("1")
        seen = set(re.findall(r"\[[勾证反确免数]\]", person.text))
    shown = set(
        re.findall(r"\[[勾证反确免数]\]", run("show", "Backup", "--stage", "1", "--lang", "zh").out)
    )
    assert seen == shown
    assert "[勾]" in seen
    for index, texts in enumerate(zip(*(marks.TEXTS[name] for name in _STATES), strict=True)):
        assert len(set(texts)) == len(texts)
        assert all(text in marks.TEXTS["legend"][index] for text in texts)


_STATES = ("open", "claimed", "evidenced", "contradicted", "confirmed", "not_applicable", "data")


async def test_data_has_its_own_mark_in_the_shell_too(run: Run) -> None:
    install(open_workspace(lang="zh"), open_workspace().today())
    assert "[数]" in run("show", "CRM 升级", "--stage", "3", "--lang", "zh").out
    assert "[xd]" in run("show", "CRM 升级", "--stage", "3", "--lang", "en").out


def test_a_name_with_a_number_of_its_own_is_not_numbered_again() -> None:
    entries = [
        Entry(key=key, name=Text(zh=name, en=name))
        for key, name in (("a", "0 分工"), ("b", "让步"))
    ]
    heads = [
        para.mark + para.text
        for para in entry_paras(Words("zh"), entries, numbered=True)
        if para.text
    ]
    assert heads == ["0 分工", "2 让步"]


@pytest.mark.parametrize("cells", range(12, 60, 3))
def test_a_word_that_fits_into_a_line_is_never_broken(cells: int) -> None:
    text = (
        "Keep this stage going beside it until confidence or alliance; 直到信赖、同盟（alliance）为止, "
        "(engagement), “acquaintance” and relationship/alliance."
    )
    words = {word for word in re.findall(r"[A-Za-z]+", text) if len(word) <= cells - 4}
    lines = wrap(text, cells)
    for word in words:
        assert sum(len(re.findall(rf"\b{word}\b", line)) for line in lines) == len(
            re.findall(rf"\b{word}\b", text)
        ), (word, lines)


def test_the_shell_breaks_long_lines_between_words_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = run("playbook", "show", "--stage", "2", "--lang", "en").out
    assert max(map(len, whole.splitlines())) > 120
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr(sys.stdout.__class__, "isatty", lambda _: True, raising=False)
    folded = re.sub(r"\x1b\[\d+m", "", run("playbook", "show", "--stage", "2", "--lang", "en").out)
    assert max(map(len, folded.splitlines())) <= 60
    assert folded.split() == whole.split()


_ONE_WORD = {
    "剧本": "方法手册",
    "打法": "方法手册",
    "汇报给": "上级",
    "关键人": "关键客户",
    "工具表": "工作表",
    "回访日": "再看的日子",
    "不再参与": "已离开",
}


@pytest.mark.parametrize("other", _ONE_WORD)
def test_one_thing_has_one_word(other: str) -> None:
    root = PACKAGE.parents[1]
    texts = [*PACKAGE.glob("words/*.py"), *root.glob("playbook/**/*.toml"), root / "README.md"]
    assert [path.name for path in texts if other in path.read_text("utf-8")] == []


_SGR = re.compile(rb"\x1b\[([\d;]+)m")
_COLOR = re.compile(rb"(?:.*;)?(?:3[0-8]|4[0-8]|9\d|10\d)(?:;.*)?")


@pytest.mark.parametrize("value", ["1", ""])
def test_no_color_gives_no_colour_in_the_app(value: str) -> None:
    workspace = open_workspace(lang="en")
    install(workspace, workspace.today())
    environ = {**os.environ, "TERM": "xterm-256color", "NO_COLOR": value, "COLORTERM": "truecolor"}
    terminal = Terminal([sys.executable, "-m", "salescoach"], environ)
    try:
        terminal.until(lambda text: "Deals" in text, quiet=0.3)
        for key in (b"2", b"\r", b"a"):
            terminal.press(key, quiet=0.4)
        painted = b"".join(piece for _, piece in terminal.pieces)
    finally:
        terminal.close()
    colored = [one for one in _SGR.findall(painted) if _COLOR.fullmatch(one)]
    assert bool(colored) == (not value)


async def test_without_colour_the_cursor_the_tab_and_a_mistake_can_be_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = CoachApp(started_before())
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("n", "ctrl+g")
        await pilot.pause()
        text = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "! " in text
