"""A deal that nears the size beyond which nothing is saved is told before, and the refusal says what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from salescoach.store.files import codec as document
from salescoach.tui.app import CoachApp
from tests.cli.conftest import Run
from tests.tui.pilot import running


@pytest.fixture
def small(run: Run, deal: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a deal that has between 80 and 100 per cent of what it may have."""
    run("note", deal, "x" * 4_000)
    size = (home / "deals" / f"{deal}.json").stat().st_size
    monkeypatch.setattr(document, "MAX_BYTES", size * 100 // 85)
    return deal


def test_the_shell_and_the_doctor_tell_before_the_limit(run: Run, small: str) -> None:
    assert "of the 16 MB" in run("edit", small, "--name", "CRM 2").err
    notes = [one for one in run("doctor", "--json").data["findings"] if "16 MB" in one["text"]]
    assert [one["level"] for one in notes] == ["note"]


def test_the_refusal_says_so_and_what_to_do(run: Run, small: str) -> None:
    told = run("note", small, "y" * 4_000, code=1).err
    assert "limit of 16 MB" in told
    assert "new deal" in told
    assert len(told.splitlines()) == 1
    run("show", small)


def test_nothing_is_said_of_a_usual_deal(run: Run, deal: str) -> None:
    assert "16 MB" not in run("edit", deal, "--name", "CRM 2").err


async def test_the_app_tells_once(run: Run, small: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    real = CoachApp.say

    def say(self: CoachApp, message: str, **how: Any) -> None:
        said.append(message)
        real(self, message, **how)

    monkeypatch.setattr(CoachApp, "say", say)
    async with running() as person:
        await person.press("2", "enter", "down", "space")
        assert "of the 16 MB" in person.text
        await person.press("down", "space")
    assert sum("of the 16 MB" in one for one in said) == 1
