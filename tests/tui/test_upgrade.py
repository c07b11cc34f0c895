"""An old home is upgraded when the app starts: shown, put off, gone on with, and only shown where nothing can be written."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from salescoach.paths import Paths, under
from salescoach.settings import Settings
from salescoach.tui.app import CoachApp
from salescoach.tui.home.screen import HomeScreen
from salescoach.tui.home.upgrade import UpgradeDialog
from salescoach.upgrading import Upgrading
from salescoach.words import Lang, Words
from salescoach.workspace import Workspace
from salescoach.workspace.upgrade import old_deals
from salescoach.workspace.upgrade_note import UpgradeNote
from tests import old_homes
from tests.bench.home import APP, environ
from tests.bench.terminal import Terminal
from tests.build import uid
from tests.tui.pilot import WIDE, Person, running, started_before


@pytest.fixture
def paths(home: Path) -> Paths:
    """Return the places of a home of an earlier program."""
    return old_homes.small(home)


def left(paths: Paths) -> int:
    """Return how many deals still have the old form."""
    return sum(map(len, old_deals(Workspace(paths, Settings()))))


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_upgrade_is_done_at_the_start_and_told_with_the_backup(
    lang: Lang, paths: Paths
) -> None:
    async with running(lang, WIDE) as person:
        assert isinstance(person.app.screen, HomeScreen)
        assert left(paths) == 0
        (backup,) = (paths.state / "backups").iterdir()
        assert any(backup.name in line for line in person.told)
        assert "CRM 升级" in person.text
        assert Words(lang)("upgrade.banner-unfinished")[:20] not in person.text
    async with running(lang, WIDE) as person:
        assert not any("backup" in line for line in person.told)


async def test_it_is_shown_and_can_be_put_off(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salescoach.upgrading import Ended

    class Slow(Upgrading):
        def run(self, progress: object) -> Ended:
            progress("upgrade", 1234, 10000)  # type: ignore[operator]
            while not self._stopped:
                time.sleep(0.005)
            return Ended(("put off",))

    monkeypatch.setattr("salescoach.tui.home.upgrade.Upgrading", Slow)
    app = CoachApp(started_before("en"))
    async with app.run_test(size=WIDE) as pilot:
        person = Person(app, pilot)
        end = time.monotonic() + 10
        while "1,234 of 10,000" not in person.text and time.monotonic() < end:
            await pilot.pause(0.02)
        assert isinstance(app.screen, UpgradeDialog)
        assert "Esc" in person.text
        assert "nothing is lost" in person.text.replace("\n", " ")
        app.screen.action_later()
        await person.settle()
        assert isinstance(app.screen, HomeScreen)
        assert "put off" in person.told
        assert "start goes on" in " ".join(person.text.split())
        await person.press("2", "enter")
        assert person.deal.deal.contacts
    assert left(paths) == 5


async def test_what_stops_it_is_told_and_the_deals_can_be_used(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, _data: bytes) -> str:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("salescoach.store.many.write_beside", full)
    monkeypatch.setattr(Upgrading, "_apart", lambda *_: None)
    async with running("en", WIDE) as person:
        assert any("not finished" in line for line in person.told)
        assert "CRM 升级" in person.text
    assert not UpgradeNote(paths).is_done()


async def test_a_read_only_home_is_shown_with_a_banner(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("salescoach.store.documents.DocumentStore.writable", lambda _: False)
    async with running("en", WIDE) as person:
        assert "shown as they are" in person.text.replace("\n", " ")
        assert "CRM 升级" in person.text
    assert left(paths) == 5


@pytest.fixture
def terminal(paths: Paths, home: Path) -> Iterator[Terminal]:
    """Return a terminal in which the program has just been started on a home of 400 old deals."""
    old_homes.fill(home, 400)
    terminal = Terminal(APP, environ(home))
    yield terminal
    terminal.close()


def test_a_kill_of_the_real_program_leaves_what_the_next_start_finishes(
    terminal: Terminal, home: Path
) -> None:
    paths = under(home)
    wait(terminal, lambda: len(list(paths.customers.glob("*.json"))) > 3)
    os.kill(terminal.pid, 9)
    terminal.read(quiet=0.2, limit=2)
    again = Terminal(APP, environ(home))
    try:
        wait(again, lambda: UpgradeNote(paths).is_done())
    finally:
        again.close()
    workspace = Workspace(paths, Settings())
    assert left(paths) == 0
    assert len(workspace.store.ids()) == 405
    assert workspace.read(uid("crm")).contacts[uid("crm li")].title == "技术总监"
    assert len(list((paths.state / "backups").glob("*.zip"))) == 1


def wait(terminal: Terminal, until: object) -> None:
    """Record what a terminal shows until something holds."""
    end = time.monotonic() + 40
    while not until() and time.monotonic() < end:  # type: ignore[operator]
        terminal.read(quiet=0.02, limit=0.05)
    assert until()  # type: ignore[operator]


async def test_a_home_with_deals_is_not_welcomed_as_an_empty_one_meanwhile(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("salescoach.tui.app.CoachApp.refresh_index", lambda _: None)
    app = CoachApp(started_before("en"))
    async with app.run_test(size=WIDE) as pilot:
        person = Person(app, pilot)
        await person.settle()
        assert Words("en")("home.welcome")[:20] not in person.text
    for path in paths.deals.iterdir():
        path.unlink()
    app = CoachApp(started_before("en"))
    async with app.run_test(size=WIDE) as pilot:
        person = Person(app, pilot)
        await person.settle()
        assert Words("en")("home.welcome")[:20] in person.text
