"""What a crash leaves: where the program failed, and nothing of anybody's."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from salescoach import crash

SECRET = "华鼎数据 13812345678"


def failing(work: Callable[[], object]) -> Exception:
    try:
        work()
    except Exception as error:  # noqa: BLE001 - whatever it is
        return error
    raise AssertionError("it did not fail")


def broken_inside() -> None:
    customer = {SECRET: SECRET}
    try:
        customer["nothing " + SECRET]
    except KeyError as error:
        raise ValueError(SECRET) from error


def endless(deep: int) -> int:
    return endless(deep + 1)


def grouped() -> None:
    raise ExceptionGroup(SECRET, [ValueError(SECRET), failing(broken_inside)])


@pytest.mark.parametrize("work", [broken_inside, lambda: endless(0), grouped])
def test_a_report_names_types_and_places_and_no_value(
    work: Callable[[], object], tmp_path: Path
) -> None:
    path = crash.write_report(failing(work), tmp_path / "state" / "crashes")
    assert path is not None
    text = path.read_text("utf-8")
    assert SECRET not in text
    assert "138" not in text
    assert str(tmp_path) not in text
    assert "test_crash.py:" in text
    assert "salescoach" in text
    assert len(text.splitlines()) < 300
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_an_error_was_raised_from_is_told_too() -> None:
    told = crash.describe(failing(broken_inside))
    assert "\nValueError\n" in told
    assert "\nbecause of KeyError\n" in told


def test_places_in_the_program_are_named_from_its_own_folder_on() -> None:
    from salescoach.store.files.atomic import make_folder

    told = crash.describe(failing(lambda: make_folder("no path")))  # type: ignore[arg-type]
    assert "  salescoach/store/files/atomic.py:" in told


def test_only_the_last_reports_are_kept(tmp_path: Path) -> None:
    error = failing(broken_inside)
    paths = [crash.write_report(error, tmp_path) for _ in range(crash.KEPT + 3)]
    assert sorted(tmp_path.iterdir()) == paths[3:]


def test_where_no_report_can_be_written_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "crashes").write_text("a file in the way")
    assert crash.write_report(failing(broken_inside), tmp_path / "crashes") is None
