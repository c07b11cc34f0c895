"""Each check of data says how many of how many, and who or what is lacking."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest

from salescoach.coach.checks import key_contacts, run, rung_from
from salescoach.deal import contacts, identity, phases, stages
from salescoach.deal.models import Deal
from salescoach.playbook.models import Check
from tests.build import (
    TODAY,
    build_playbook,
    claimed_rung,
    climb,
    make_deal,
    small_playbook,
    stamp,
    tools,
    uid,
    with_contact,
)

PLACED = {"level": "manager", "function": "technical"}


def found(name: Check, deal: Deal) -> tuple[bool, int, int, tuple[str, ...]]:
    result = run(name, small_playbook(), deal)
    assert len(result.keys) == len(result.lacking)
    return result.met, result.have, result.need, result.lacking


def team(*, rung: str | None = None) -> Deal:
    """A designer on `rung`, a user, and a decision-maker who has left."""
    deal = with_contact(make_deal(), "李工", roles=("designer",), rung=rung)
    deal = with_contact(deal, "小吴", roles=("user",))
    deal = with_contact(deal, "王总", roles=("decision-maker",))
    return contacts.mark_left(deal, uid("王总"), stamp("left"))


@pytest.mark.parametrize("name", get_args(Check))
def test_nothing_is_met_on_a_new_deal(name: Check) -> None:
    assert not run(name, small_playbook(), make_deal()).met


def test_key_contacts_are_those_with_a_key_role_or_a_mark_who_still_play_a_part() -> None:
    deal = contacts.edit(team(), uid("小吴"), stamp("mark"), key=True)
    assert [one.name for _, one in key_contacts(small_playbook(), team())] == ["李工"]
    assert [one.name for _, one in key_contacts(small_playbook(), deal)] == ["李工", "小吴"]


@pytest.mark.parametrize(
    ("name", "below", "at"),
    [
        ("key-contacts-acquainted", None, "acquaintance"),
        ("key-contacts-engaged", "acquaintance", "engagement"),
        ("key-contacts-trusting", "engagement", "confidence"),
    ],
)
def test_every_key_contact_has_to_be_on_the_rung(name: Check, below: str | None, at: str) -> None:
    assert found(name, team(rung=below)) == (False, 0, 1, ("李工",))
    assert found(name, team(rung=at)) == (True, 1, 1, ())
    assert found(name, team(rung="alliance")) == (True, 1, 1, ())
    assert found(name, claimed_rung(team(), "retired-rung")) == (False, 0, 1, ("李工",))


def test_a_ladder_with_other_rungs_is_climbed_by_place() -> None:
    changed = tools()
    rungs = changed["relationship"]["rungs"]
    rungs[1]["key"] = "dating"
    del rungs[2:]
    playbook = build_playbook(tools=changed)
    assert rung_from(playbook, "engagement") == 2
    assert rung_from(playbook, "alliance") == 2
    ladder = ("acquaintance", "dating")
    deal = with_contact(make_deal(), roles=("designer",), rung=climb("dating", ladder=ladder))
    assert run("key-contacts-engaged", playbook, deal).met


def test_an_ally_and_a_guide_are_anybody_who_plays_a_part() -> None:
    deal = with_contact(make_deal(), rung="alliance", guide=True)
    assert found("an-ally", deal) == (True, 1, 1, ())
    assert found("a-guide", deal) == (True, 1, 1, ())
    gone = contacts.mark_left(deal, uid("李工"), stamp("gone"))
    assert found("an-ally", gone) == (False, 0, 1, ())
    assert found("a-guide", gone) == (False, 0, 1, ())


def test_contacts_are_placed_by_level_function_and_role() -> None:
    deal = with_contact(make_deal(), "李工", roles=("designer",), **PLACED)
    assert found("contacts-placed", deal) == (True, 1, 1, ())
    assert found("key-contacts-known", deal) == (True, 1, 1, ())
    deal = with_contact(deal, "小吴", roles=("user",), level="manager")
    assert found("contacts-placed", deal) == (False, 1, 2, ("小吴",))
    assert found("key-contacts-known", deal) == (True, 1, 1, ())


def test_reporting_lines_lead_to_one_person() -> None:
    deal = with_contact(make_deal(), "王总")
    assert found("reporting-lines", deal) == (False, 0, 1, ("王总",))
    deal = with_contact(deal, "李工", reports_to=uid("王总"))
    assert found("reporting-lines", deal) == (True, 1, 1, ())
    deal = with_contact(deal, "小吴")
    assert found("reporting-lines", deal) == (False, 1, 2, ("王总", "小吴"))


def test_styles_are_judged_for_every_key_contact() -> None:
    assert found("styles-judged", team()) == (False, 0, 1, ("李工",))
    deal = contacts.judge_style(team(), uid("李工"), "driving", TODAY, stamp("judge"))
    assert found("styles-judged", deal) == (True, 1, 1, ())


def test_the_four_questions_need_a_yes_each_and_a_no_stands_firm() -> None:
    deal = stages.answer(make_deal(), "real", "yes", stamp("a"), "预算批了")
    assert found("four-questions", deal) == (False, 1, 2, ("winnable",))
    assert run("four-questions", small_playbook(), deal).firm == ("winnable",)
    unsure = stages.answer(deal, "winnable", "unsure", stamp("b"))
    assert run("four-questions", small_playbook(), unsure).firm == ()
    no = stages.answer(unsure, "winnable", "no", stamp("c"))
    assert run("four-questions", small_playbook(), no).firm == ("winnable",)
    assert found("four-questions", stages.answer(no, "winnable", "yes", stamp("d"), "李工支持"))[0]


def test_phase_amount_and_date_are_fields_to_fill_in() -> None:
    deal = phases.set_phase(make_deal(), "no-such-phase", stamp("a"))
    assert found("buying-phase-set", deal) == (False, 0, 1, ("buying_phase",))
    deal = phases.set_phase(deal, "purchase-design", stamp("b"))
    assert found("buying-phase-set", deal)[0]
    deal = identity.edit(deal, stamp("c"), amount=Decimal(1))
    assert found("amount-and-date", deal) == (False, 1, 2, ("close_on",))
    assert found("amount-and-date", identity.edit(deal, stamp("d"), close_on=TODAY))[0]
