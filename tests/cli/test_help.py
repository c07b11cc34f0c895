"""Help, version, completion and the app's start from the shell."""

from __future__ import annotations

import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from salescoach import __version__, samples, tui
from salescoach.cli.registry import GROUPS, MODULES
from salescoach.text import cell_width
from salescoach.words import Words
from salescoach.workspace import Workspace
from tests.cli.conftest import Run


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_help_names_every_command(run: Run, lang: str) -> None:
    text = run("--lang", lang, "--help").out
    assert text == run("help", "--lang", lang).out
    for command in MODULES:
        assert any(line.split()[:1] == [command] for line in text.splitlines()), command


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("command", MODULES)
def test_every_command_explains_itself_in_both_languages(run: Run, command: str, lang: str) -> None:
    text = run("--lang", lang, command, "--help").out
    assert f"salescoach {command}" in text
    assert ("用法" in text) == (lang == "zh")
    assert "".join(Words("zh" if lang == "zh" else "en")(f"help.{command}").split()) in "".join(
        text.split()
    )
    if lang == "zh":
        assert "show this help" not in text
    assert run("--lang", lang, "help", command).out == text


def test_the_locale_chooses_the_language(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "用法" in run("--help").out
    monkeypatch.setenv("LC_ALL", "C")
    assert "Usage" in run("--help").out


def test_the_version_is_told_wherever_it_is_asked(run: Run) -> None:
    for argv in (("--version",), ("-V",), ("--no-color", "--version")):
        assert run(*argv).out == f"salescoach {__version__}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh", "fish"])
def test_completion_knows_every_command(run: Run, shell: str) -> None:
    script = run("completion", shell).out
    for command in MODULES:
        assert command in script


def test_the_bash_completion_is_valid(run: Run, tmp_path: Path) -> None:
    script = tmp_path / "salescoach.bash"
    script.write_text(run("completion", "bash").out, "utf-8")
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0


def test_every_command_is_in_one_group_once() -> None:
    names = [name for _, group in GROUPS for name, _ in group]
    assert len(names) == len(set(names)) == len(MODULES)


def test_the_app_needs_a_terminal(run: Run) -> None:
    for argv in ((), ("open",), ("demo",)):
        assert "needs a terminal" in run(*argv, code=1).err


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """Stand in for the terminal and the app; return what the app was started with."""
    calls: list[dict[str, object]] = []

    def app(**options: object) -> int:
        home = os.environ["SALESCOACH_HOME"]
        found = sorted(path.name for path in Path(home).glob("deals/*.json"))
        calls.append({**options, "home": home, "deals": found})
        return 0

    monkeypatch.setattr(tui, "run", app)
    monkeypatch.setattr("salescoach.cli.open.need_terminal", lambda _: None)
    return calls


def test_the_app_opens_alone_or_on_a_deal(
    run: Run, deal: str, started: list[dict[str, object]], tmp_path: Path
) -> None:
    run()
    run("open", "CRM")
    run("playbook", "copy", str(tmp_path / "mine"))
    run("--lang", "zh", "--playbook", str(tmp_path / "mine"))
    assert [call["deal"] for call in started] == [None, deal, None]
    assert [call["lang"] for call in started] == [None, None, "zh"]
    assert started[2]["playbook"] == tmp_path / "mine"
    assert "no such deal" in run("open", "nothing", code=3).err


def test_the_demo_leaves_nothing_behind(
    run: Run, home: Path, started: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def install(workspace: Workspace, today: date) -> list[str]:
        return [workspace.create(name=f"sample of {today}", customer="Acme").id]

    monkeypatch.setattr(samples, "install", install)
    run("demo")
    (call,) = started
    assert call["home"] != str(home)
    assert len(list(call["deals"])) == 1  # type: ignore[call-overload]  # a list of names
    assert not Path(str(call["home"])).exists()
    assert os.environ["SALESCOACH_HOME"] == str(home)
    assert not (home / "deals").exists()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_breaks_no_word_and_keeps_to_the_terminals_width(
    run: Run, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    add = run("--lang", lang, "contact", "add", "--help").out
    for key in ("decision-maker", "acquaintance", "alliance"):
        assert key in add
    for command in MODULES:
        text = run("--lang", lang, command, "--help").out
        described = text[text.index("-h, --help") :]
        assert [line for line in described.splitlines() if cell_width(line) > 80] == [], command
