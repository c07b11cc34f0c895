"""What people missed when they tried the program: told where they look, and kept where they left it."""

from __future__ import annotations

import asyncio
import errno
import os
from datetime import timedelta
from typing import Any, NoReturn

import pytest

from salescoach.deal import actions, contacts, identity, items
from salescoach.deal.models import Deal
from salescoach.document.stamp import Stamp
from salescoach.store.documents import DocumentStore
from salescoach.store.errors import SaveFailed, Unreadable
from salescoach.tui import lifecycle
from salescoach.tui.deal.screen import DealScreen
from salescoach.tui.home import lists as home
from salescoach.workspace import Workspace, open_workspace

from .pilot import Person, running


def _coach() -> Stamp:
    return Stamp(open_workspace().now(), "Head coach", "coach")


def _person(person: Person, screen: DealScreen, name: str) -> None:
    stamp = person.app.workspace.stamp()
    screen.change(lambda deal: contacts.add(deal, stamp, name=name))


def _action(person: Person, screen: DealScreen, text: str, days: int) -> None:
    stamp, due = person.app.workspace.stamp(), person.app.workspace.today() + timedelta(days=days)
    screen.change(lambda deal: actions.add(deal, stamp, text, due=due))


async def _sees(person: Person, text: str) -> None:
    for _ in range(100):
        await person.settle()
        if text in person.text:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"never: {text}\n{person.text}")


async def test_home_shows_what_another_program_changed_without_being_asked() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("escape", "2")
        other = open_workspace(lang="en")
        other.create(name="From elsewhere", customer="Initech")
        other.settle()
        await _sees(person, "From elsewhere")
        (card,) = [card for card in other.cards() if card.name == "From elsewhere"]
        other.edit(card.id, lambda deal: identity.edit(deal, other.stamp(), name="Renamed there"))
        other.settle()
        await person.press("f5")
        await _sees(person, "Renamed there")
        assert home.LOOKING <= 2


async def test_a_deal_that_cannot_be_read_does_not_keep_home_looking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workspace = open_workspace(lang="en")
    workspace.create(name="Backup", customer="Globex")

    def fail(store: DocumentStore[Deal], key: str) -> NoReturn:
        raise Unreadable(store.path(key), OSError(errno.EACCES, "EACCES"))

    monkeypatch.setattr(DocumentStore, "read_signed", fail)
    monkeypatch.setattr(home, "LOOKING", 0.02)
    looks: list[int] = []
    refresh = Workspace.refresh

    def count(workspace: Workspace, **more: Any) -> int:
        looks.append(1)
        return refresh(workspace, **more)

    monkeypatch.setattr(Workspace, "refresh", count)
    async with running() as person:
        await person.settle()
        seen = len(looks)
        await asyncio.sleep(0.5)
        assert len(looks) <= seen + 1


async def test_an_app_that_does_not_end_without_its_terminal_is_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running() as person:
        screen = await person.new_deal()
        ended: list[int] = []
        monkeypatch.setattr(lifecycle, "HANG_UP", 0.05)
        monkeypatch.setattr(os, "_exit", ended.append)
        monkeypatch.setattr(person.app, "exit", lambda code: None)
        monkeypatch.setattr(person.app.workspace, "edit", _refuse)
        screen.change(lambda deal: items.tick(deal, "customer", _coach()))
        person.app._hang_up()
        for _ in range(100):
            await asyncio.sleep(0.05)
            if ended:
                break
        assert ended == [1]
        assert person.app.workspace.store.parked()
        monkeypatch.undo()
        person.app.saver.retry()


def _refuse(deal_id: str, *_: object) -> NoReturn:
    raise SaveFailed(open_workspace().store.path(deal_id), "disk-full", "full")


async def test_a_coachs_objection_stands_beside_the_item() -> None:
    async with running() as person:
        screen = await person.new_deal()
        key = screen.current_row().item  # type: ignore[union-attr]
        screen.change(lambda deal: items.tick(deal, key, _coach()))
        screen.change(lambda deal: items.challenge(deal, key, _coach(), "Heard from Paul only"))
        await person.settle()
        assert "The coach objects: Heard from Paul only" in person.text
        await person.press("tab")
        assert "The coach objects: Heard from Paul only" in person.text


async def test_a_date_is_moved_on_from_where_it_is() -> None:
    async with running() as person:
        screen = await person.new_deal()
        today = person.app.workspace.today()
        await person.press("a", "=Call Ann", "tab", "=+3d", "ctrl+g", "A", "z", "ctrl+g")
        (action,) = screen.deal.actions.values()
        assert action.due == today + timedelta(days=4)


async def test_the_cursor_stays_with_its_action_and_its_contact() -> None:
    async with running() as person:
        screen = await person.new_deal()
        for number, text in enumerate(("First", "Second", "Third")):
            _action(person, screen, text, number)
        await person.press("A", "d", "enter", "d", "2")
        assert all(action.done_at is None for action in screen.deal.actions.values())
        await person.press("escape")
        for name in ("Ana", "Megan", "Paul"):
            _person(person, screen, name)
        await person.press("p", "home", "delete", "delete")
        assert not any(who.left for who in screen.deal.contacts.values())


async def test_home_takes_back_the_edits_of_several_deals_in_turn() -> None:
    async with running() as person:
        for name in ("One", "Two"):
            screen = await person.new_deal(name=name)
            await person.press("a", f"=Call for {name}", "tab", "=today", "ctrl+g", "escape")
        assert screen is not None
        await person.press("1", "d", "enter", "home", "d", "enter")
        counts = person.app.workspace.counts
        assert counts().today == 0
        await person.press("u", "u")
        assert counts().today == 2
        await person.press("ctrl+r")
        assert counts().today == 1


async def test_a_circle_of_who_reports_to_whom_is_told_in_the_form() -> None:
    async with running() as person:
        screen = await person.new_deal()
        for name in ("Ana", "Howard"):
            _person(person, screen, name)
        ana, howard = (
            next(key for key, who in screen.deal.contacts.items() if who.name == name)
            for name in ("Ana", "Howard")
        )
        stamp = person.app.workspace.stamp()
        screen.change(lambda deal: contacts.edit(deal, ana, stamp, reports_to=howard))
        await person.press("p", "end", "E")
        assert "Howard" in person.text
        form = person.app.screen
        form.query_one("#field-reports_to").set(ana)  # type: ignore[attr-defined]
        await person.press("ctrl+g")
        assert person.app.screen is form
        assert not screen.deal.notes
        await person.press("escape")
        assert screen.deal.contacts[howard].reports_to is None


async def test_the_palette_finds_closed_and_archived_deals() -> None:
    async with running() as person:
        screen = await person.new_deal(name="Lost cause")
        await person.press("s", "end", "enter")
        assert screen.deal.archived
        assert "Archived, and in no list" in person.text
        await person.press("escape", "ctrl+p", "=lost cause")
        assert "archived" in person.text
        await person.press("enter", "s", "end", "enter")
        assert not person.deal.deal.archived


async def test_a_question_not_answered_yet_is_not_answered_by_sending_the_form() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("g", "home", "enter", "ctrl+g")
        assert [one.answer for one in screen.deal.answers.values()] == ["unsure"]
        assert "4 missing" in person.text


async def test_one_goes_on_where_a_text_ends() -> None:
    async with running() as person:
        screen = await person.new_deal()
        _person(person, screen, "Ana")
        (key,) = screen.deal.contacts
        stamp = person.app.workspace.stamp()
        screen.change(lambda deal: contacts.edit(deal, key, stamp, note="They asked"))
        await person.press("p", "E")
        person.app.screen.query_one("#field-note").focus()
        await person.press("= twice", "ctrl+g")
        assert screen.deal.contacts[key].note == "They asked twice"
