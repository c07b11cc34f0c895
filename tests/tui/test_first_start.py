"""The first start asks who somebody is: once, beside the offer of the samples, and nobody has to answer."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from salescoach.deal import actions
from salescoach.document.stamp import Stamp
from salescoach.paths import under
from salescoach.settings import Settings, load_settings
from salescoach.settings.user import proposed_name
from salescoach.tui.home.screen import HomeScreen
from salescoach.tui.screens.form import FormDialog
from salescoach.words import Lang, Words
from salescoach.workspace import open_workspace
from tests.bench.home import APP, environ
from tests.bench.keys import ENTER
from tests.bench.terminal import Terminal
from tests.build import uid
from tests.faults.program import stored
from tests.tui.pilot import NARROW, WIDE, Person, running


def kept(home: Path) -> Settings:
    """Return the settings below `home`."""
    return load_settings(under(home).config_file, {})[0]


@pytest.fixture(autouse=True)
def _system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system know the person by name."""
    entry = SimpleNamespace(pw_name="wangfang", pw_gecos="王芳,Room 3,,")
    monkeypatch.setattr("pwd.getpwuid", lambda _: entry)


def asks(person: Person) -> bool:
    """Say whether the form is there."""
    return isinstance(person.app.screen, FormDialog)


@pytest.mark.parametrize(
    ("lang", "size"), [("zh", NARROW), ("en", NARROW), ("zh", WIDE), ("en", WIDE)]
)
async def test_it_asks_for_name_and_role_and_proposes_what_the_system_knows(
    lang: Lang, size: tuple[int, int], home: Path
) -> None:
    words = Words(lang)
    async with running(lang, size, first=True) as person:
        for wanted in ("who-first", "me", "role", "who-note"):
            assert words(f"dialogs.{wanted}")[:40] in person.text
        assert "王芳" in person.text
        assert words("home.welcome-samples") in person.text or size == NARROW
        await person.press("ctrl+g")
        assert isinstance(person.app.screen, HomeScreen)
        assert words("dialogs.who-saved", name="王芳") in person.told
        assert words("home.welcome-samples") in person.text
    found = kept(home)
    assert (found.me, found.role, len(found.user_id)) == ("王芳", "rep", 36)


async def test_what_is_typed_takes_the_place_of_the_proposal(home: Path) -> None:
    async with running(first=True) as person:
        await person.burst(
            *"Anna", "tab", *"coach", "ctrl+g", "n", *"Acme", "tab", *"CRM", "ctrl+g"
        )
        deal = person.deal.deal
        assert (deal.owner, deal.owner_id) == ("Anna", kept(home).user_id)
        assert {(event.by, event.by_id) for event in deal.timeline.values()} == {
            ("Anna", kept(home).user_id)
        }
    assert (kept(home).me, kept(home).role) == ("Anna", "coach")


async def test_escape_puts_it_off_and_it_is_not_asked_again(home: Path) -> None:
    async with running(first=True) as person:
        await person.press("escape")
        assert isinstance(person.app.screen, HomeScreen)
        assert person.told == [person.app.words("dialogs.who-later")]
    assert (kept(home).me, len(kept(home).user_id)) == ("", 36)
    before = kept(home)
    async with running(first=True) as person:
        assert not asks(person)
        assert person.told == []
        await person.press("f4", "=Anna", "ctrl+g", "e", "2", "enter", "f4")
        assert asks(person)  # from a deal as well
        await person.press("=Anne", "ctrl+g")
        assert person.app.workspace.stamp().by == "Anne"
    assert kept(home) == before._replace(me="Anne")


async def test_the_palette_gives_the_name(home: Path) -> None:
    async with running() as person:
        await person.press("ctrl+p", "=your name", "enter")
        assert asks(person)
        await person.press("=Bo", "ctrl+g")
    assert kept(home).me == "Bo"


async def test_the_form_can_be_turned_into_the_other_language(home: Path) -> None:
    async with running("en", first=True) as person:
        await person.press("=Anna", "f2")
        assert Words("zh")("dialogs.who-first") in person.text
        await person.press("= K", "ctrl+g")
    assert kept(home).me == "Anna K"


async def test_who_has_a_name_or_deals_is_not_asked_and_gets_an_id(home: Path) -> None:
    workspace = open_workspace(lang="en")
    workspace.remember("me", "Anna")
    async with running(first=True) as person:
        assert not asks(person)
    assert (kept(home).me, len(kept(home).user_id)) == ("Anna", 36)


async def test_deals_that_the_index_does_not_know_yet_are_deals(home: Path) -> None:
    open_workspace(lang="en").create(name="CRM", customer="Acme")
    (home / "config.toml").unlink()
    async with running(first=True) as person:
        assert not asks(person)


def refuse(*_: object) -> None:
    raise PermissionError(13, "Permission denied")


async def test_settings_that_cannot_be_written_are_told_once(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr("salescoach.settings._save", refuse)
    async with running(first=True) as person:
        await person.press("=Anna", "ctrl+g")
        assert [told for told in person.told if "Permission" in told] == person.told
        assert len(person.told) == 1
        screen = await person.new_deal()
        (event, *_) = screen.deal.timeline.values()
        assert (event.by, event.by_id) == ("Anna", "")
        assert len(person.told) == 1
    assert not (home / "config.toml").exists()


async def test_a_folder_that_is_known_to_take_no_settings_is_not_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("salescoach.settings.user.can_be_written", lambda _: False)
    monkeypatch.setattr("salescoach.settings._save", refuse)
    async with running(first=True) as person:
        assert not asks(person)
        assert person.told == []


@pytest.mark.parametrize(
    ("login", "comment", "wanted"),
    [
        ("wf", "Wang Fang,,,", "Wang Fang"),
        ("wf", "", "wf"),
        ("wf", "& Wang", "Wf Wang"),
        ("wf", "\x1b[31m\u202e,", "wf"),
        ("wf", "\udcff王", "王"),
        ("wf", "x" * 500, "x" * 200),
    ],
)
def test_the_system_proposes_a_clean_name(
    login: str, comment: str, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = SimpleNamespace(pw_name=login, pw_gecos=comment)
    monkeypatch.setattr("pwd.getpwuid", lambda _: entry)
    assert proposed_name() == wanted


def test_a_user_whom_the_system_does_not_list_is_proposed_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown(_: int) -> None:
        raise KeyError

    monkeypatch.setattr("pwd.getpwuid", unknown)
    assert proposed_name() == ""


async def test_home_names_the_owners_of_what_others_do_and_not_the_user_under_a_former_name() -> (
    None
):
    async with running() as person:
        await person.press("f4", "=Ann", "ctrl+g")
        screen = await person.new_deal()
        await person.press("a", "=Write", "tab", "=today", "ctrl+g")
        colleague = Stamp(person.app.workspace.now(), "Anna", by_id=uid("Anna"))
        person.app.workspace.edit(
            screen.deal.id,
            lambda deal: actions.add(deal, colleague, "Call", colleague.today, owner="Anna"),
        )
        await person.press("escape", "f4", "=Anna", "ctrl+g", "f5", "1")
        rows = person.text.splitlines()[2:6]
        (mine,) = (row for row in rows if "Write" in row)
        (other,) = (row for row in rows if "Call" in row)
        assert "Ann" not in mine
        assert "Call (Anna)" in other


@pytest.fixture
def terminal(home: Path) -> Iterator[Terminal]:
    """Return a terminal in which the program has just been started for the first time."""
    terminal = Terminal(APP, environ(home))
    yield terminal
    terminal.close()


@pytest.mark.parametrize("after", [0.0, 0.1, 0.4])
def test_what_is_typed_before_the_first_screen_goes_into_the_form_in_order(
    after: float, terminal: Terminal, home: Path
) -> None:
    time.sleep(after)
    keys = "王 芳".encode() + b"\t" + b"c" + b"\x07" + b"n" + "环球".encode() + ENTER + b"CRM\x07"
    os.write(terminal.fd, keys)
    paths = under(home)
    end = time.monotonic() + 20
    while not (found := list(paths.deals.glob("*.json"))) and time.monotonic() < end:
        terminal.read(quiet=0.02, limit=0.05)
    deal = stored(paths, found[0].stem)
    assert (kept(home).me, kept(home).role) == ("王 芳", "coach")
    assert (deal.customer, deal.name, deal.owner) == ("环球", "CRM", "王 芳")
    assert deal.owner_id == kept(home).user_id != ""
