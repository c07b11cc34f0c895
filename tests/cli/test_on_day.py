"""A deal as it stood on an earlier day: `show --on`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from salescoach.workspace.basics import Basics

from .conftest import Run

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Return a function that puts the program's clock some days after NOW, where it stands at first."""

    def put(days: int) -> None:
        clock = property(lambda _: lambda: NOW + timedelta(days=days), lambda *_: None)
        monkeypatch.setattr(Basics, "_now", clock, raising=False)

    put(0)
    return put


@pytest.fixture
def worked_on(run: Run, later: Callable[[int], None]) -> str:
    """Return the id of a deal that was worked on, and whose customer was, on three days."""
    deal = run("new", "CRM", "--customer", "Globex").out.strip()
    later(2)
    run("contact", "add", deal, "Ann", "--title", "Buyer")
    run("action", "add", deal, "call Ann", "--due", "2026-11-27")
    later(5)
    run("edit", deal, "--name", "CRM 2")
    run("contact", "edit", deal, "Ann", "--title", "Head of IT")
    return deal


def test_a_deal_and_its_people_are_shown_as_they_were(run: Run, worked_on: str) -> None:
    first = run("show", worked_on, "--on", "2026-11-24", "--json").data
    assert (first["on"], first["deal"]["name"]) == ("2026-11-24", "CRM")
    assert (first["contacts"], first["actions"]) == ([], [])
    second = run("show", worked_on, "--on", "2026-11-25", "--json").data
    assert second["deal"]["name"] == "CRM"
    assert [one["title"] for one in second["contacts"]] == ["Buyer"]
    now = run("show", worked_on, "--on", "2026-11-28", "--json").data
    assert [one["title"] for one in now["contacts"]] == ["Head of IT"]
    del now["on"]
    assert now == run("show", worked_on, "--json").data


def test_people_are_told_in_both_languages_which_day_it_is(run: Run, worked_on: str) -> None:
    ran = run("show", worked_on, "--on", "2026-11-25", "--lang", "en")
    assert "As it stood at the end of 2026-11-25" in ran.err
    assert "Buyer" in ran.out
    assert "CRM 2" not in ran.out
    assert "2026-11-25 结束时的样子" in run("show", worked_on, "--on", "11-25", "--lang", "zh").err


def test_advice_and_dates_are_those_of_the_day(run: Run, worked_on: str) -> None:
    assert run("show", worked_on, "--json").data["promised"] is not None
    assert run("show", worked_on, "--on", "2026-11-25", "--json").data["promised"] is None


def test_days_that_cannot_be_told_are_refused_with_the_reason(
    run: Run, worked_on: str, home: Path
) -> None:
    early = run("show", worked_on, "--on", "2026-11-22", "--lang", "en", code=1)
    assert "it was made on 2026-11-23" in early.err
    late = run("show", worked_on, "--on", "2026-12-24", "--lang", "en", code=2)
    assert "2026-12-24 is still to come" in late.err
    (path,) = (home / "deals").glob("*.json")
    raw = json.loads(path.read_bytes())
    for event in raw["timeline"].values():
        event.pop("changes", None)
    path.write_text(json.dumps(raw), encoding="utf-8")
    old = run("show", worked_on, "--on", "2026-11-24", "--lang", "en", code=1)
    assert "can be told from 2026-11-28 on" in old.err
    run("show", worked_on, "--on", "2026-11-28")


def test_a_script_reads_old_and_new_values_in_the_history(run: Run, worked_on: str) -> None:
    events = run("history", worked_on, "--json").data["events"]
    (edited,) = [one for one in events if one["what"] == "edited"]
    assert edited["values"] == {"/name": {"old": "CRM", "new": "CRM 2"}}
    assert edited["changes"] == [{"field": "name", "before": "CRM", "after": "CRM 2"}]


def test_looking_back_writes_nothing(run: Run, worked_on: str, home: Path) -> None:
    def files() -> dict[str, bytes]:
        kept = (path for path in home.rglob("*") if path.is_file() and "cache" not in path.parts)
        return {str(path): path.read_bytes() for path in kept}

    before = files()
    run("show", worked_on, "--on", "2026-11-24")
    assert files() == before
