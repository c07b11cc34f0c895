"""Keys and colours in the settings that nobody can obey are told by doctor and at the start, with the nearest names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from salescoach.cli import main
from salescoach.settings import Settings
from salescoach.tui.keymap import commands_by_screen, setting_problems
from salescoach.words import Words
from tests.tui.pilot import running

WORDS = Words("en")

WRONG = [
    (Settings(keymap={"home.nwe": "x"}), ["“home.nwe”", "home.new"]),
    (Settings(keymap={"hom.snooze": "x"}), ["“hom.snooze”", "home.snooze"]),
    (Settings(keymap={"zzz": "x"}), ["“zzz”", "app.help"]),
    (Settings(keymap={"home.new": "d"}), ["The key d", "home.done", "home.new"]),
    (Settings(keymap={"home.new": "N,D", "home.done": "D"}), ["The key D", "home.new"]),
    (Settings(keymap={"deal.tick": "f5"}), ["The key F5", "app.retry", "deal.tick"]),
    (Settings(theme="drak"), ["“drak”", "dark"]),
    (Settings(theme="nordd"), ["“nordd”", "nord"]),
    (Settings(theme="qqqq"), ["auto, dark, light, ansi"]),
]
FINE = [
    Settings(),
    Settings(theme="nord"),
    Settings(keymap={"home.new": "N"}),
    Settings(keymap={"home.new": "d", "home.done": "n"}),
]


def test_there_are_commands_to_look_at() -> None:
    assert len(commands_by_screen()) > 10


@pytest.mark.parametrize(("settings", "told"), WRONG)
def test_what_nobody_can_obey_is_told_once_with_the_nearest(
    settings: Settings, told: list[str]
) -> None:
    (problem,) = setting_problems(settings, WORDS)
    for part in told:
        assert part in problem


@pytest.mark.parametrize("settings", FINE)
def test_what_can_be_obeyed_is_not_told(settings: Settings) -> None:
    assert setting_problems(settings, WORDS) == []


def configure(home: Path, text: str) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "config.toml").write_text(text, "utf-8")


async def test_the_start_tells_in_a_banner(home: Path) -> None:
    configure(home, 'theme = "drak"\n[keymap]\n"home.nwe" = "x"\n')
    async with running(None) as person:
        assert "There is no theme “drak”" in person.text
        assert "home.new" in person.text


def test_doctor_tells_and_fails(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(home, '[keymap]\n"home.new" = "d"\n')
    assert main(["doctor", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    wrong = [one["text"] for one in found if one["level"] == "wrong"]
    assert len(wrong) == 1
    assert "The key d" in wrong[0]
