"""Stories at the shell: an old home is read as it is, upgraded by the first command that writes, and told of."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from salescoach.store.files.locks import locked
from tests import old_homes
from tests.build import uid
from tests.cli.conftest import Run
from tests.store.doing import tree


@pytest.fixture
def old(home: Path) -> Path:
    """Return a home of an earlier program."""
    old_homes.small(home)
    return home


def _documents(home: Path) -> dict[str, tuple[str, int]]:
    return {name: told for name, told in tree(home).items() if not name.startswith("cache")}


def test_commands_that_read_show_an_old_home_and_leave_it_alone(run: Run, old: Path) -> None:
    before = _documents(old)
    assert len(run("list", "--json").data["deals"]) == 4
    shown = run("contact", "list", uid("crm")).out
    assert "李建国" in shown
    assert "技术经理" in shown
    run("next")
    assert _documents(old) == before


def test_the_first_command_that_writes_upgrades_and_says_where_the_backup_is(
    run: Run, old: Path
) -> None:
    told = run("note", uid("bare"), "打过电话").err
    (backup,) = (old / "state" / "backups").iterdir()
    assert str(backup) in told
    assert "5" in told
    assert len(list((old / "customers").iterdir())) == 3
    assert "backup" not in run("note", uid("bare"), "又打了一次").err
    run("contact", "edit", uid("crm"), "李建国", "--phone", "155 0000 0000")
    assert "155 0000 0000" in run("contact", "list", uid("wms"), "--json").out


def test_what_stops_the_upgrade_is_told_and_the_command_does_its_own(
    run: Run, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, _data: bytes) -> str:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("salescoach.store.many.write_beside", full)
    told = run("note", uid("crm"), "打过电话").err
    assert "not finished" in told
    assert len(list((old / "customers").iterdir())) == 1  # that of the deal which was changed
    monkeypatch.undo()
    monkeypatch.setenv("SALESCOACH_HOME", str(old))
    assert "4" in run("note", uid("crm"), "又打了一次").err
    assert len(list((old / "customers").iterdir())) == 3
    assert len(list((old / "state" / "backups").iterdir())) == 1


def test_a_deal_from_an_old_backup_is_upgraded_by_the_next_command(
    run: Run, old: Path, tmp_path: Path
) -> None:
    run("backup", str(tmp_path / "old.zip"))
    path = old / "deals" / f"{uid('wms')}.json"
    original = path.read_bytes()
    run("note", uid("bare"), "打过电话")
    path.unlink()
    run("restore", str(tmp_path / "old.zip"), code=4)
    assert path.read_bytes() == original
    assert "1" in run("note", uid("bare"), "又打了一次").err
    assert path.read_bytes() != original
    assert "技术总监" in run("contact", "list", uid("crm"), "--json").out


def test_only_one_program_upgrades_and_the_other_waits(
    run: Run, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salescoach.workspace import upgrade

    lock = locked(old / "state" / "locks" / "upgrade.lock")
    lock.__enter__()
    tried: list[float] = []

    def waited(path: Path, timeout: float) -> AbstractContextManager[None]:
        tried.append(timeout)
        if len(tried) == 3:
            lock.__exit__(None, None, None)
        return locked(path, timeout)

    monkeypatch.setattr(upgrade, "_LOOK", 0.01)
    monkeypatch.setattr(upgrade, "locked", waited)
    told = run("note", uid("bare"), "打过电话").err
    assert told.count("Another salescoach") == 1
    assert len(list((old / "customers").iterdir())) == 3
