"""Undo in the app: what was done here last is taken back, whoever's name it carries, and asking disturbs nobody."""

from __future__ import annotations

import pytest

from salescoach.deal import notes
from salescoach.document.stamp import Stamp
from salescoach.store.errors import NotOwn
from salescoach.tui.keep import editing
from salescoach.tui.messages import Refused
from salescoach.tui.screens.choice import ChoiceDialog
from salescoach.tui.screens.form import FormDialog
from tests.tui.pilot import Person, running


async def test_a_verdict_given_here_under_a_coachs_name_is_what_undo_takes_back() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("down", "space", "n", "=The rep's note", "ctrl+g")
        await person.press("c", "tab", "=Wang", "ctrl+g")
        (state,) = screen.deal.items.values()
        assert (state.state, state.confirmed_by) == ("confirmed", "Wang")

        await person.press("u")

        (state,) = screen.deal.items.values()
        assert state.state == "claimed"
        assert [note.text for note in screen.deal.notes.values()] == ["The rep's note"]
        await person.press("ctrl+r")
        (state,) = screen.deal.items.values()
        assert state.state == "confirmed"


async def others_comes_up(person: Person) -> str:
    """Have an undo find that what comes next is another's, as the saver tells it, and return that note's id."""
    deal = person.deal.deal
    stamp = Stamp(person.app.workspace.now(), "Zhou")
    saved = person.app.workspace.edit(deal.id, lambda one: notes.add(one, stamp, "Zhou was here"))
    error = NotOwn(stamp.id, saved, "undo", "Zhou")
    person.app.post_message(Refused(deal.id, error, saved))
    await person.settle()
    return stamp.id


async def test_a_question_about_anothers_act_waits_until_a_form_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(editing, "ASK_LATER", 0.05)
    async with running() as person:
        await person.new_deal()
        await person.press("n")
        note = await others_comes_up(person)
        await person.press("=2")
        assert isinstance(person.app.screen, FormDialog)
        assert note in person.deal.deal.notes

        await person.press("ctrl+g")
        for _ in range(100):
            if isinstance(person.app.screen, ChoiceDialog):
                break
            await person.pilot.pause(0.05)

        assert isinstance(person.app.screen, ChoiceDialog)
        assert {one.text for one in person.deal.deal.notes.values()} == {"2", "Zhou was here"}
        await person.settle()
        await person.press("2")
        assert {one.text for one in person.deal.deal.notes.values()} == {"2"}


async def test_keys_typed_before_the_question_was_seen_do_not_answer_it() -> None:
    async with running() as person:
        await person.new_deal()
        deal = person.deal.deal
        stamp = Stamp(person.app.workspace.now(), "Zhou")
        saved = person.app.workspace.edit(deal.id, lambda one: notes.add(one, stamp, "Here"))
        error = NotOwn(stamp.id, saved, "undo", "Zhou")
        person.app.on_refused(Refused(deal.id, error, saved))
        await person.burst("2")
        assert isinstance(person.app.screen, ChoiceDialog)
        assert person.app.workspace.read(deal.id).notes
