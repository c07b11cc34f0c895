"""Forms: what is typed on a choice, into a prefilled line, while the help or another language is shown; what is refused before it is filled in."""

from __future__ import annotations

import os
from typing import cast

import pytest

from salescoach.deal import actions
from salescoach.deal.models import Deal
from salescoach.tui.deal.contacts import ContactsScreen
from salescoach.tui.deal.gate import GateDialog
from salescoach.tui.deal.gate_rows import GateRows
from salescoach.tui.deal.screen import DealScreen
from salescoach.tui.home.screen import HomeScreen
from salescoach.tui.screens.choice import ChoiceDialog
from salescoach.tui.screens.fields import Pick, find_option
from salescoach.tui.screens.form import FormDialog
from salescoach.tui.screens.help import HelpScreen
from salescoach.tui.screens.palette import PaletteScreen
from salescoach.tui.widgets.rows import Rows

from .pilot import Person, running


def form(person: Person) -> FormDialog:
    screen = person.app.screen
    assert isinstance(screen, FormDialog)
    return screen


async def test_letters_on_a_choice_jump_to_what_begins_with_them() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("E", "tab", "tab", "tab", "tab", "tab", "tab")
        assert isinstance(person.app.focused, Pick)
        before = form(person).values()["kind"]
        labels = {one.value: one.label for one in person.app.focused.spec.options}
        other = next(value for value in labels if value != before)
        await person.press("=" + labels[other][:3].lower())
        assert form(person).values()["kind"] == other
        assert isinstance(person.app.focused, Pick)
        await person.press("=qqq")
        assert "No option begins with" in person.text
        assert form(person).values()["kind"] == other


def test_the_start_of_a_label_counts_before_a_word_and_a_word_before_a_part() -> None:
    labels = ["Unknown", "End user", "Decision maker", "决策者 (EB)"]
    assert find_option(labels, "u") == 0
    assert find_option(labels, "us") == 1
    assert find_option(labels, "dec") == 2
    assert find_option(labels, "ision") == 2
    assert find_option(labels, "决策") == 3
    assert find_option(labels, "ＤＥＣ") == 2
    assert find_option(labels, "zz") is None
    assert find_option(labels, " ") is None


async def test_a_number_and_a_pick_from_the_list_both_go_on_to_the_next_field() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("p", "a", "tab", "tab", "tab")
        first = person.app.focused
        assert isinstance(first, Pick)
        await person.press("2")
        assert person.app.focused is not first
        chosen = first.value
        assert chosen == first.spec.options[1].value
        second = person.app.focused
        assert isinstance(second, Pick)
        await person.press("enter")
        assert isinstance(person.app.screen, ChoiceDialog)
        await person.press("3")
        assert second.value == second.spec.options[2].value
        assert person.app.focused is not second


async def test_where_several_can_be_picked_letters_move_the_mark_and_space_ticks() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("p", "a", "tab", "tab", "tab", "tab", "tab")
        roles = person.app.focused
        assert isinstance(roles, Pick)
        assert roles.spec.many
        last = roles.spec.options[-1]
        await person.press("=" + last.label[:4], "space")
        assert roles.value == last.value
        await person.press("space")
        assert roles.value == ""


async def test_typing_replaces_what_stands_in_a_line_unless_the_cursor_is_moved_first() -> None:
    async with running() as person:
        await person.new_deal("Globex", "Backup")
        await person.press("E", "=New")
        assert form(person).values()["customer"] == "New"
        await person.press("tab", "end", "= Ltd")
        assert form(person).values()["name"] == "Backup Ltd"
        await person.press("shift+tab", "=er")
        assert form(person).values()["customer"] == "Newer", (
            "what one typed oneself is gone on with"
        )


async def test_help_language_colours_and_palette_work_in_a_form_and_keep_what_is_typed() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("p", "a", "=Ada", "tab", "=CTO")
        await person.press("f1")
        assert isinstance(person.app.screen, HelpScreen)
        assert "A form" in person.text
        await person.press("escape", "f3")
        assert isinstance(person.app.screen, ChoiceDialog)
        await person.press("escape", "ctrl+p")
        assert isinstance(person.app.screen, PaletteScreen)
        await person.press("escape", "f2")
        try:
            assert "职务" in person.text or "姓名" in person.text
            assert form(person).values()["name"] == "Ada"
            assert form(person).values()["title"] == "CTO"
            focused = person.app.focused
            assert focused is not None
            assert focused.id == "field-title"
        finally:
            await person.press("f2")
        await person.press("ctrl+g")
        (who,) = person.deal.deal.contacts.values()
        assert (who.name, who.title) == ("Ada", "CTO")


async def test_what_is_picked_in_the_palette_asks_before_it_leaves_a_form() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("n", "=half", "ctrl+p", "=timeline", "enter")
        assert isinstance(person.app.screen, ChoiceDialog)
        await person.press("1")
        assert form(person).values()["note"] == "half"
        await person.press("ctrl+p", "=timeline", "enter", "2")
        assert type(person.app.screen).__name__ == "TimelineScreen"


async def test_help_works_in_the_gate_and_in_a_choice() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("g", "question_mark")
        assert isinstance(person.app.screen, HelpScreen)
        await person.press("escape")
        assert isinstance(person.app.screen, GateDialog)
        await person.press("f1", "escape", "escape", "b", "question_mark")
        assert isinstance(person.app.screen, HelpScreen)


async def test_a_verdict_on_an_open_item_is_refused_before_it_is_written() -> None:
    async with running() as person:
        await person.new_deal()
        await person.burst("c", *"2x", "enter", "space")
        assert isinstance(person.app.screen, DealScreen)
        assert not person.deal.deal.items
        assert person.deal.stage is person.deal.playbook.stages[0]
        assert "not carried out" in person.text


async def test_another_day_for_what_is_done_is_refused_before_it_is_written() -> None:
    async with running() as person:
        screen = await person.new_deal()
        stamp = [person.app.workspace.stamp() for _ in range(2)]
        screen.change(lambda deal: actions.add(deal, stamp[0], "call them"))
        key = next(iter(screen.deal.actions))
        screen.change(lambda deal: actions.done(deal, key, stamp[1]))
        await person.press("A", "z")
        assert not isinstance(person.app.screen, FormDialog)
        assert "reopen it first" in person.text


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
async def test_a_new_deal_in_a_read_only_folder_is_refused_before_it_is_written() -> None:
    async with running(leave_unsaved=True) as person:
        folder = person.app.workspace.paths.deals
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o500)
        try:
            await person.press("n")
            assert isinstance(person.app.screen, HomeScreen)
        finally:
            folder.chmod(0o700)


async def test_a_new_deal_where_nothing_can_be_saved_is_refused_before_it_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running() as person:
        monkeypatch.setattr(type(person.app.workspace.store), "writable", lambda self: False)
        await person.press("n")
        assert isinstance(person.app.screen, HomeScreen)
        assert "cannot be written" in person.text


async def test_keys_typed_for_a_deal_that_does_not_open_do_nothing_to_the_list() -> None:
    async with running() as person:
        screen = await person.new_deal()
        path = person.app.workspace.store.path(screen.deal.id)
        await person.press("escape", "2")
        path.write_text("{ this is no deal", "utf-8")
        person.app._ahead = None
        await person.burst("enter", *"n12", "tab", "4", "s")
        home = person.app.screen
        assert isinstance(home, HomeScreen)
        assert home._tab == "deals"


async def test_keys_behind_a_form_that_is_not_accepted_do_not_go_into_it() -> None:
    async with running() as person:
        await person.new_deal()
        await person.burst("n", "ctrl+g", *"gp2")
        assert form(person).values()["note"] == ""
        await person.press("=real", "ctrl+g")
        assert [one.text for one in person.deal.deal.notes.values()] == ["real"]


@pytest.mark.parametrize(
    ("opening", "key"), [([], "y"), (["p"], "d"), (["A"], "y"), (["t"], "delete")]
)
async def test_a_key_that_does_nothing_says_what_helps(opening: list[str], key: str) -> None:
    async with running() as person:
        await person.new_deal()
        await person.press(*opening, key)
        assert "does nothing here" in person.text


async def test_e_edits_the_contact_and_keys_without_one_say_so() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("p", "e")
        assert isinstance(person.app.screen, ContactsScreen)
        assert "No contacts yet" in person.text
        await person.press("a", "=Ada", "ctrl+g", "e")
        assert form(person).values()["name"] == "Ada"


@pytest.mark.parametrize(
    "keys", [("n",), ("e",), ("a",), ("E",), ("p", "a"), ("A", "a"), ("s", "1")]
)
@pytest.mark.parametrize("why", ["newer", "read-only"])
async def test_no_form_opens_for_what_cannot_be_saved(
    keys: tuple[str, ...], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("down")
        told = "A newer salescoach wrote this deal"
        if why == "newer":
            await person.press("escape", "2")
            path = person.app.workspace.store.path(screen.deal.id)
            text = path.read_text("utf-8")
            path.write_text(
                text.replace(f'"schema": {Deal.SCHEMA}', f'"schema": {Deal.SCHEMA + 1}'), "utf-8"
            )
            await person.press("f5", "enter", "down")
            assert screen.deal.is_newer
        else:
            monkeypatch.setattr(person.app.workspace.store, "writable", lambda: False)
            told = "cannot be written"
        before = person.app.workspace.read(screen.deal.id)

        await person.press(*keys)
        await person.press("=typed", "ctrl+g")

        assert not any(isinstance(one, FormDialog) for one in person.app.screen_stack)
        assert any(told in sentence for sentence in person.told), person.told
        assert person.app.workspace.read(before.id) == before


async def test_a_row_of_the_gate_that_leads_away_says_so_and_any_other_is_filled_in_here() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("g", "end")
        dialog = person.app.screen
        assert isinstance(dialog, GateDialog)
        rows = dialog.query_one(Rows)
        source = cast("GateRows", rows.source)
        assert source.also_open
        assert "Enter goes to the item" in person.text
        leading = [
            index
            for index in range(len(source))
            if "->" in "".join(span.text for span in source.row(index, 80))
        ]
        assert leading == list(
            range(len(source.missing), len(source.missing) + len(source.also_open))
        )
        rows.move_to(leading[0])
        await person.press("enter")
        row = person.deal.current_row()
        assert person.app.screen is person.deal
        assert row is not None
        assert row.item == source.also_open[0]


async def test_typing_goes_on_where_it_was_when_the_language_changes_in_a_line() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("p", "a", "=Li", "f2", "= Hua", "tab", "=CTO", "left", "f2", "=F")
        assert form(person).values()["name"] == "Li Hua"
        assert form(person).values()["title"] == "CTFO"
