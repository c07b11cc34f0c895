"""Home: today's work told true, actions done from it, and the samples it offers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key

from salescoach.deal import identity
from salescoach.deal.models import Deal
from salescoach.document.models import Conflict
from salescoach.store.errors import SaveFailed
from salescoach.tui.home.screen import HomeScreen
from salescoach.tui.screens.form import FormDialog
from salescoach.tui.widgets.panel import Panel
from salescoach.words import Lang
from salescoach.workspace import open_workspace
from tests.tui.pilot import NARROW, running


async def test_the_samples_come_into_an_empty_store_and_are_found_by_pinyin() -> None:
    async with running("zh") as person:
        await person.press("e")
        await person.press("2")
        assert "华鼎数据" in person.text
        assert "蓝海物流" in person.text
        await person.press("slash", "=hd")
        assert "华鼎数据" in person.text
        assert "蓝海物流" not in person.text
        await person.press("escape")
        assert "蓝海物流" in person.text
        await person.press("slash", "=zzzz")
        assert "华鼎数据" not in person.text


async def test_samples_are_not_put_beside_deals_of_ones_own() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("escape", "e")
        assert person.app.workspace.counts().open == 1


@pytest.mark.parametrize(("lang", "told"), [("zh", "甲木测绘"), ("en", "Quillhaven")])
async def test_the_samples_come_in_the_readers_language(lang: str, told: str) -> None:
    async with running(lang) as person:
        await person.press("e", "2")
        assert told in person.text
        customers = {card.customer for card in person.app.workspace.cards()}
        assert {name.isascii() for name in customers} == {lang == "en"}


async def test_home_says_done_only_when_it_is_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("a", "=Call Ann", "tab", "=today", "ctrl+g", "escape", "1")
        edit = person.app.workspace.edit
        refusals = [SaveFailed(Path("deals"), "disk-full", "No space left on device")]

        def refuse_once(deal_id: str, operation: Callable[[Deal], Deal], *_: object) -> Deal:
            if refusals:
                raise refusals.pop()
            return edit(deal_id, operation)

        said: list[str] = []
        say = person.app.say

        def noted(message: str, **how: Any) -> None:
            said.append(message)
            say(message, **how)

        monkeypatch.setattr(person.app, "say", noted)
        monkeypatch.setattr(person.app.workspace, "edit", refuse_once)
        await person.pilot.press("d", "enter", "d")
        await person.pilot.pause(0.2)
        assert person.app.saver.pending() == 1
        assert ["the disk is full" in line for line in said] == [True]
        await person.press("escape", "f5")  # the second d has opened the form again
        assert said[1:] == ["Done: Call Ann. u takes it back."]


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_number_of_today_is_that_of_the_rows_above_the_next_days(lang: Lang) -> None:
    async with running(lang, NARROW) as person:
        screen = await person.new_deal()
        for days in ("=today", "=+3d", "=-2d"):
            text = f"={days[1:]} call"
            await person.press("a", text, "tab", days, "ctrl+g")
        other = person.app.workspace.create(name="Printer", customer="Initech")
        await person.press("escape", "1", "f5")
        words = person.app.words
        lines = person.text.splitlines()
        assert f"[{words('home.today')} 2]" in lines[0]
        head = [line.strip() for line in lines]
        ahead = head.index(words("home.band-ahead"))
        idle = head.index(words("home.band-idle"))
        assert [("-2d" in line, "today" in line) for line in lines[2:ahead]] == [
            (True, False),
            (False, True),
        ]
        assert "+3d call" in lines[ahead + 1]
        assert idle == ahead + 2
        assert "Printer" in lines[idle + 1]
        await person.press("down", "down")
        assert "+3d call" in person.here
        await person.press("down")
        assert "Printer" in person.here
        await person.press("enter")
        assert person.deal.deal.id == other.id
        assert screen is person.deal


async def test_a_deal_with_conflicts_is_seen_in_every_list() -> None:
    async with running() as person:
        screen = await person.new_deal()
        moment = person.app.workspace.now()
        conflict = Conflict(path=("amount",), lost="7", kept_at=moment, lost_at=moment)
        person.app.workspace.edit(
            screen.deal.id, lambda deal: deal.but(conflicts={deal.id: conflict})
        )
        await person.press("escape", "f5")
        assert "1 with conflicts to settle" in person.text
        await person.press("2")
        assert "! Backup" in person.text
        assert "press C to settle" in person.text
        person.app.workspace.edit(screen.deal.id, lambda deal: deal.but(conflicts={}))
        await person.press("f5", "1")
        assert "conflicts" not in person.text


async def test_the_key_bar_tells_the_keys_of_the_search_field_while_one_types() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("escape", "2", "slash")
        keys = person.text.splitlines()[-1]
        assert "Enter to the list" in keys
        assert "n new" not in keys
        await person.press("=back", "enter")
        assert "n new" in person.text.splitlines()[-1]
        await person.press("slash")
        assert "Enter to the list" in person.text.splitlines()[-1]
        await person.press("escape")
        assert "n new" in person.text.splitlines()[-1]


async def test_the_reason_of_the_advice_is_reached_with_keys_in_a_small_terminal() -> None:
    async with running(size=NARROW) as person:
        await person.press("e")
        await person.press("1")
        assert "Promised:" in person.text
        assert "Why:" not in person.text
        await person.press("J", "J")
        assert "Why:" in person.text
        await person.press("K", "K")
        assert "Promised:" in person.text
        await person.press("question_mark")
        told = " ".join(person.text.replace("│", " ").split())
        assert "won ones of which service or payment is open" in told


async def test_the_preview_follows_keys_that_come_in_one_burst() -> None:
    workspace = open_workspace(lang="en")
    for number in range(60):
        workspace.create(name=f"Deal {number}", customer="Globex")
    async with running(size=NARROW) as person:
        for burst in (["2", "end", "1"], ["2", "down", "down", "1"], ["2", "down", "3"]):
            await person.press("2")
            for key in burst:
                person.app.post_message(Key(key, key if len(key) == 1 else None))
            await person.settle()
            await person.settle()
            screen = person.app.screen
            assert isinstance(screen, HomeScreen)
            card = screen._card_at(screen.rows.cursor)
            preview = screen.query_one("#preview", Panel)
            told = "\n".join(para.text for para in preview._paras)
            assert (card.name in told) if card else not told


async def test_the_tabs_can_be_clicked_and_turned() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("escape")
        for name in ("Deals", "Closed", "Today"):
            title = person.text.splitlines()[0]
            await person.pilot.click("#title", offset=(title.index(name), 0))
            await person.settle()
            assert f"[{name} " in person.text.splitlines()[0]
        await person.press("right", "right")
        assert "[Nurture 0]" in person.text
        await person.press("shift+tab")
        assert "[Deals 1]" in person.text


async def test_the_counter_of_stalled_deals_leads_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = open_workspace(lang="en")
    old = workspace.create(name="Quiet", customer="Globex")
    workspace.create(name="Lively", customer="Initech")
    long_ago = workspace.now() - timedelta(days=30)

    def age(deal: Deal) -> Deal:
        events = {key: one.but(at=long_ago) for key, one in deal.timeline.items()}
        return deal.but(timeline=events, created_at=long_ago)

    workspace.edit(old.id, age)
    async with running() as person:
        assert "1 stalled (S)" in person.text
        for keys in (["S"], ["1", "click"]):
            if keys[-1] == "click":
                await person.press(*keys[:-1])
                head = person.text.splitlines()[1]
                await person.pilot.click("#head", offset=(head.index("stalled"), 0))
                await person.settle()
            else:
                await person.press(*keys)
            assert "[Stalled 1]" in person.text
            assert "Quiet" in person.text
            assert "Lively" not in person.text
        await person.press("escape")
        assert "[Deals 2]" in person.text
        assert "Lively" in person.text


async def test_deals_to_look_at_again_and_won_ones_are_in_todays_work() -> None:
    workspace = open_workspace(lang="en")
    stamp, today = workspace.stamp(), workspace.today()
    for name, day in (("Later", today + timedelta(days=1)), ("Now", today)):
        deal = workspace.create(name=name, customer="Globex")
        reason = lambda deal, day=day: identity.nurture(deal, stamp, revisit_on=day)  # noqa: E731
        workspace.edit(deal.id, reason)
    won = workspace.create(name="Signed", customer="Initech")
    workspace.edit(won.id, lambda deal: identity.win(deal, stamp, "PO 7"))
    lost = workspace.create(name="Gone", customer="Hooli")
    workspace.edit(lost.id, lambda deal: identity.lose(deal, stamp, "price"))
    async with running() as person:
        assert "[Today 1]" in person.text
        assert "Globex Now" in person.text
        assert "Later" not in person.text
        assert "Won, service and payment still open" in person.text
        assert "Initech Signed" in person.text
        assert "Gone" not in person.text
        await person.press("down")
        assert "Initech Signed" in person.here


async def test_after_midnight_home_shows_today_without_a_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("a", "=Call Wang", "tab", "=tomorrow", "ctrl+g", "escape")
        assert "tomorrow" in person.text
        workspace = person.app.workspace
        now = workspace.now() + timedelta(days=1)
        # As after a night in a suspended laptop, too: no timer has run meanwhile.
        monkeypatch.setattr(workspace, "_now", lambda: now)
        for _ in range(100):
            await asyncio.sleep(0.05)
            if "tomorrow" not in person.text:
                break
        assert "tomorrow" not in person.text
        assert "1 due today" in person.text
        assert f"{now:%m-%d}" in person.text.splitlines()[0]


async def test_a_key_on_home_waits_for_the_row_that_is_being_saved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("a", "=Call Ann", "tab", "=today")
        edit = person.app.workspace.edit

        def late(*given: Any) -> Deal:
            time.sleep(0.3)
            return edit(*given)

        monkeypatch.setattr(person.app.workspace, "edit", late)
        await person.burst("ctrl+g", "escape", "1", "d")
        form = person.app.screen
        assert isinstance(form, FormDialog)
        assert "Call Ann" in person.text
