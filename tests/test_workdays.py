"""The years' holidays come with the program, and a person's file is read on top of them."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from salescoach.document.errors import InvalidValue
from salescoach.workspace.workdays import load_workdays
from tests.build import refused


def test_the_packaged_years_are_known(tmp_path: Path) -> None:
    found = load_workdays(tmp_path / "workdays.toml")
    assert min(found.years) == 2004
    assert set(range(2004, 2027)) <= found.years.keys()
    # The National Day of 2026, the weekend days worked for it, and a plain week.
    assert not found.is_workday(date(2026, 10, 1))
    assert found.is_workday(date(2026, 9, 20))
    assert found.is_workday(date(2026, 10, 10))
    assert found.is_workday(date(2026, 11, 24))
    assert not found.is_workday(date(2026, 11, 28))
    assert found.step(date(2026, 9, 30), 1) == (date(2026, 10, 8), None)


def test_a_year_of_ones_own_is_read_on_top(tmp_path: Path) -> None:
    own = tmp_path / "workdays.toml"
    own.write_text('[2027]\nholidays = ["01-01..01-03"]\nworking = ["01-09"]\n', "utf-8")
    found = load_workdays(own)
    assert found.step(date(2026, 12, 31), 1) == (date(2027, 1, 4), None)
    assert found.is_workday(date(2027, 1, 9))
    assert not found.is_workday(date(2026, 10, 1))


@pytest.mark.parametrize(
    "text",
    [
        "[2027", "[year]\nholidays = []", "[2027]\nholiday = []", "2027 = 5", "[2027]\nholidays = 5",
        '[2027]\nholidays = ["02-30"]', '[2027]\nworking = ["05-03..05-01"]', "[2027]\nworking = [5]",
        '[2027]\nholidays = ["1.1."]',
    ],
)  # fmt: skip
def test_a_mistake_in_ones_own_file_is_told(tmp_path: Path, text: str) -> None:
    own = tmp_path / "workdays.toml"
    own.write_text(text, "utf-8")
    with refused(InvalidValue, "bad-workdays", path=str(own)):
        load_workdays(own)


def test_what_is_no_file_is_told_and_never_waited_for(tmp_path: Path) -> None:
    own = tmp_path / "workdays.toml"
    os.mkfifo(own)
    with refused(InvalidValue, "bad-workdays", path=str(own)):
        load_workdays(own)
    own.unlink()
    own.write_bytes(b"# \xff\n")
    with refused(InvalidValue, "bad-workdays"):
        load_workdays(own)
