"""Hostile strings through every argument of every command: what reaches the terminal is text and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from salescoach.cli.registry import MODULES
from tests.cli.conftest import Run

HOSTILE = {
    "close-tag": "[/] Acme",
    "company": "[Acme] Ltd",
    "on-click": '[on_click="x Acme',
    "clipboard": "Acme \x1b]52;c;ZXZpbA==\x07 Ltd",
    "color": "\x1b[31;1mAcme\x1b[0m",
    "cursor": "Acme\x1b[2J\x1b[1;1H",
    "unfinished": "Acme \x1b[",
    "c1": "Acme\x9b31m\x85 Ltd\x9f",
    "bidi": "Acme \u202edtl\u202c \u2066x\u2069 \u200f",
    "invisible": "Acme \U000e0069\U000e0067\U000e006e\u200b\u2061\xad Ltd\u2060",
    "emoji": "Acme 👩\u200d👩\u200d👧 🚀",
    "wide": "Ａｃｍｅ Acme 全角",
    "surrogate": "Acme \udcff\ud83d Ltd",
    "newline": "Acme\nLtd\r\nnext",
    "format": "Acme {0} {name} %s %(x)s {",
    "backspace": "Acme\b\b\b\x00\x7f",
    "json": 'Acme "\\u001b[31m" \\',
    "dash": "Acme --reason -",
}
_BAD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)

# `@` stands for the hostile text, `DEAL` for the deal, in every place where a command takes text.
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("new", "@", "-c", "Acme"),
    ("new", "Acme", "-c", "@"),
    ("new", "Acme", "-c", "Acme", "--owner", "@"),
    ("new", "Acme", "-c", "Acme", "--amount", "@"),
    ("new", "Acme", "-c", "Acme", "--close", "@"),
    ("new", "Acme", "-c", "Acme", "--currency", "@"),
    ("new", "Acme", "-c", "Acme", "--stage", "@"),
    ("new", "Acme", "-c", "Acme", "--kind", "@"),
    ("edit", "DEAL", "--name", "@"),
    ("edit", "@", "--name", "Acme"),
    ("list", "@"),
    ("list", "--owner", "@"),
    ("list", "--stage", "@"),
    ("list", "--sort", "@"),
    ("list", "--lang", "@"),
    ("list", "--playbook", "@"),
    ("show", "@"),
    ("show", "DEAL", "--stage", "@"),
    ("next", "@"),
    ("history", "@"),
    ("history", "DEAL", "--limit", "@"),
    ("check", "DEAL", "@"),
    ("check", "@", "1.1.1"),
    ("uncheck", "DEAL", "@"),
    ("na", "DEAL", "1.1.1", "--reason", "@"),
    ("na", "DEAL", "@", "--reason", "x"),
    ("evidence", "DEAL", "1.1.2", "--who", "@"),
    ("evidence", "DEAL", "1.1.2", "--note", "@"),
    ("evidence", "DEAL", "1.1.2", "--document", "@"),
    ("evidence", "DEAL", "1.exit", "--note", "@"),
    ("evidence", "DEAL", "@", "--note", "x"),
    ("evidence", "DEAL", "@.exit", "--note", "x"),
    ("evidence", "DEAL", "1.1.2", "--note", "x", "--on", "@"),
    ("evidence", "DEAL", "1.1.2", "--remove", "@"),
    ("confirm", "DEAL", "@"),
    ("confirm", "DEAL", "1.1.2", "--challenge", "@"),
    ("note", "DEAL", "@"),
    ("note", "DEAL", "x", "--contact", "@"),
    ("note", "DEAL", "x", "--item", "@"),
    ("action", "add", "DEAL", "@"),
    ("action", "add", "DEAL", "x", "--due", "@"),
    ("action", "add", "DEAL", "x", "--due", "today", "--owner", "@"),
    ("action", "add", "DEAL", "x", "--agreed-with", "@"),
    ("action", "done", "DEAL", "@"),
    ("action", "snooze", "DEAL", "x", "@"),
    ("action", "@"),
    ("action", "list", "@"),
    ("contact", "add", "DEAL", "@"),
    ("contact", "add", "DEAL", "x", "--title", "@"),
    ("contact", "add", "DEAL", "x", "--note", "@"),
    ("contact", "add", "DEAL", "x", "--role", "@"),
    ("contact", "rung", "DEAL", "@", "alliance"),
    ("contact", "style", "DEAL", "x", "@"),
    ("contact", "list", "@"),
    ("person", "add", "Customer", "@"),
    ("person", "edit", "DEAL", "x", "--other-name", "@"),
    ("person", "edit", "DEAL", "x", "--birthday", "@"),
    ("person", "show", "@"),
    ("person", "erase", "@", "--yes", "@"),
    ("person", "erase", "x", "--yes", "@"),
    ("person", "merge", "DEAL", "x", "@"),
    ("customer", "new", "@"),
    ("customer", "edit", "Customer", "--other-name", "@"),
    ("customer", "note", "Customer", "@"),
    ("customer", "list", "@"),
    ("customer", "show", "@"),
    ("customer", "merge", "Customer", "@"),
    ("phase", "DEAL", "@"),
    ("answer", "DEAL", "@", "yes"),
    ("answer", "DEAL", "1", "yes", "--note", "@"),
    ("answer", "DEAL", "1", "@"),
    ("advance", "DEAL", "--reason", "@"),
    ("advance", "DEAL", "--to", "@"),
    ("lose", "DEAL", "--reason", "@"),
    ("nurture", "DEAL", "--reason", "@"),
    ("nurture", "DEAL", "--revisit", "@"),
    ("win", "DEAL", "--what", "@", "--reason", "@"),
    ("reopen", "DEAL", "--reason", "@"),
    ("reopen", "DEAL", "--stage", "@"),
    ("archive", "@"),
    ("undo", "@"),
    ("redo", "@"),
    ("merge", "@"),
    ("conflicts", "@"),
    ("settle", "DEAL", "@", "kept"),
    ("settle", "DEAL", "x", "@"),
    ("playbook", "show", "--stage", "@"),
    ("playbook", "validate", "@"),
    ("playbook", "copy", "@"),
    ("config", "set", "me", "@"),
    ("config", "set", "@", "x"),
    ("completion", "@"),
    ("paths", "@"),
    ("doctor", "@"),
    ("restore", "@"),
    ("backup", "@"),
    ("demo", "@"),
    ("open", "@"),
    ("@",),
    ("help", "@"),
    ("--lang", "@", "list"),
)
READ: tuple[tuple[str, ...], ...] = (
    ("list", "--status", "all"),
    ("list", "--status", "all", "--json"),
    ("show", "DEAL"),
    ("show", "DEAL", "--json"),
    ("show", "DEAL", "--stage", "1"),
    ("history", "DEAL"),
    ("history", "DEAL", "--json"),
    ("next",),
    ("next", "DEAL", "--json"),
    ("action", "list", "--json"),
    ("action", "list"),
    ("contact", "list", "DEAL"),
    ("customer", "list"),
    ("customer", "list", "--json"),
    ("customer", "show", "Customer"),
    ("customer", "show", "Customer", "--json"),
    ("customer", "history", "Customer"),
    ("customer", "same"),
    ("person", "show", "x"),
    ("person", "same", "DEAL"),
    ("contact", "list", "DEAL", "--json"),
    ("answer", "DEAL"),
    ("config", "show"),
    ("doctor",),
)


def test_every_command_takes_part() -> None:
    assert {argv[0] for argv in COMMANDS} >= set(MODULES)


@pytest.mark.parametrize("name", HOSTILE)
def test_only_text_reaches_the_terminal(
    run: Run, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One string through every place of every command, and then through everything that reads."""
    monkeypatch.chdir(tmp_path)
    text = HOSTILE[name]
    deal = run("new", "Target", "-c", "Customer").out.strip()
    run("contact", "add", deal, "x")
    run("check", deal, "1.1.1")
    for pattern in COMMANDS:
        argv = [{"DEAL": deal}.get(part, part.replace("@", text)) for part in pattern]
        ran = run(*argv, code=None)
        _is_text(ran.out + ran.err, argv)
        assert len(ran.err) < 5_000, argv
        assert ran.code in {0, 1, 2, 3}, argv
        if ran.code == 1:
            assert "Something went wrong" not in ran.err, argv
    for pattern in READ:
        argv = [{"DEAL": deal}.get(part, part) for part in pattern]
        ran = run(*argv, code=None)
        _is_text(ran.out + ran.err, argv)
        if "--json" in argv:
            _is_text(str(ran.data), argv)
        if argv[0] in {"show", "history", "contact"} and "--stage" not in argv:
            assert "Acme" in ran.out, argv


def _is_text(written: str, argv: list[str]) -> None:
    found = _BAD.search(written)
    assert found is None, (argv, found)


@pytest.mark.parametrize("pattern", COMMANDS, ids=" ".join)
def test_a_text_of_a_hundred_kilobytes_gets_a_short_answer(
    run: Run, pattern: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    deal = run("new", "Target", "-c", "Customer").out.strip()
    run("contact", "add", deal, "x")
    long = "Acme 华鼎" * 15_000
    argv = [{"DEAL": deal}.get(part, part.replace("@", long)) for part in pattern]
    ran = run(*argv, code=None)
    assert ran.code in {0, 1, 2, 3}
    assert len(ran.err) < 3_000
    assert "Something went wrong" not in ran.err


def test_brackets_stay_as_they_were_typed(run: Run) -> None:
    deal = run("new", "close [/] now", "-c", "[Acme] Ltd").out.strip()
    assert "close [/] now" in run("list").out
    assert "[Acme] Ltd" in run("show", deal).out
    assert run("list", "--json").data["deals"][0]["customer"] == "[Acme] Ltd"


def test_a_newline_in_a_name_becomes_a_space(run: Run) -> None:
    run("new", "two\nlines", "-c", "Acme")
    assert run("list", "--json").data["deals"][0]["name"] == "two lines"
    assert len(run("list").out.splitlines()) == 2
