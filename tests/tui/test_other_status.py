"""What is shown of deals that are not open: what was signed, when to look again, where they are found."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from salescoach.deal import identity
from salescoach.workspace import open_workspace
from tests.tui.pilot import running


async def test_a_won_deals_head_tells_what_was_signed_for_and_when() -> None:
    workspace = open_workspace(lang="en")
    deal = workspace.create(
        name="CRM", customer="Globex", amount=Decimal(1_200_000), close_on=date(2027, 11, 30)
    )
    stamp, on = workspace.stamp(), date(2026, 1, 5)
    workspace.edit(deal.id, lambda old: identity.win(old, stamp, "PO 7", on, Decimal(980_000)))
    async with running() as person:
        person.app.open_deal(deal.id)
        await person.settle()
        head = person.text.splitlines()[0]
        assert "980,000" in head
        assert "signed 2026-01-05" in head
        assert "1,200,000" not in head
        assert "2027-11-30" not in head


async def test_a_deal_in_nurture_says_when_it_is_looked_at_again() -> None:
    workspace = open_workspace(lang="en")
    deal = workspace.create(name="CRM", customer="Globex")
    stamp, day = workspace.stamp(), workspace.today() + timedelta(days=90)
    workspace.edit(deal.id, lambda old: identity.nurture(old, stamp, revisit_on=day))
    async with running() as person:
        person.app.open_deal(deal.id)
        await person.settle()
        assert f"To look at again on {day.isoformat()}" in person.text
        assert "Nothing to point out" not in person.text


async def test_lists_and_searches_that_are_empty_say_no_more_than_is_so() -> None:
    workspace = open_workspace(lang="en")
    deal = workspace.create(name="CRM", customer="Globex")
    stamp = workspace.stamp()
    workspace.edit(deal.id, lambda old: identity.win(old, stamp, "PO 7"))
    async with running() as person:
        await person.press("2")
        assert "No deal is under way" in person.text
        assert "No deals yet" not in person.text
        await person.press("3", "slash", "=globex")
        assert "Not in this list" in person.text
        assert "Ctrl+P searches all deals" in person.text


async def test_what_is_lacking_of_the_four_questions_is_told_in_clean_sentences() -> None:
    async with running("zh") as person:
        await person.new_deal()
        await person.press("slash", "=四个问题", "enter")
        assert "有没有机会、" in "".join(
            line.split("│")[-1].strip() for line in person.text.splitlines()
        )
        assert "？、" not in person.text
