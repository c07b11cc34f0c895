"""The shell says which day it understood, and refuses what can be two."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from tests.cli.conftest import Run


def test_the_day_that_was_understood_is_told(run: Run, deal: str) -> None:
    ran = run("action", "add", deal, "call", "--due", "in 3 days")
    day = date.today() + timedelta(days=3)  # noqa: DTZ011 - the shell's own day
    assert f"“in 3 days” is {day:%a} {day.isoformat()}" in ran.err
    assert run("action", "list", deal, "--json").data["actions"][0]["due"] == day.isoformat()
    assert (
        "“" not in run("action", "add", deal, "mail", "--due", "2030-02-03").err.partition("\n")[0]
    )


def test_a_day_counted_back_is_no_option(run: Run, deal: str) -> None:
    day = date.today() - timedelta(days=3)  # noqa: DTZ011 - the shell's own day
    run("evidence", deal, "1.1.1", "--on", "-3d", "--note", "he told us how things stand")
    run("action", "add", deal, "call")
    assert day.isoformat() in run("action", "snooze", deal, "1", "-3d", code=2).err
    assert run("show", deal, "--stage", "1").out.count(day.isoformat()) == 1


def test_what_can_be_two_days_is_refused_with_both(run: Run, deal: str) -> None:
    ran = run("action", "add", deal, "call", "--due", "2/3/2030", code=2)
    assert "2030-02-03" in ran.err
    assert "2030-03-02" in ran.err


def test_workdays_of_an_unknown_year_are_told(run: Run, deal: str) -> None:
    ran = run("edit", deal, "--close", "2000个工作日后")
    assert "only weekends were left out" in ran.err


def test_doctor_and_paths_know_the_own_calendar(run: Run) -> None:
    place = Path(run("paths", "--json").data["paths"]["workdays"])
    assert "calendar of workdays knows the holidays of 2004" in run("doctor").out
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text('[2026]\nholidays = ["13-01"]\n', "utf-8")
    ran = run("doctor", code=None)
    assert "[2026] holidays: 13-01" in ran.out
