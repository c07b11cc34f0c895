"""Contacts, actions, notes and phases as a rep keeps them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from salescoach.deal import actions, contacts, notes, phases
from salescoach.document.change import changes
from salescoach.document.errors import InvalidValue, NotThere
from tests.build import NOW, TODAY, climb, make_deal, refused, stamp, uid, with_contact

LI, WANG, ZHAO = uid("李工"), uid("王总"), uid("赵敏")


def test_contacts_keep_the_order_they_were_added_in_with_those_who_left_last() -> None:
    deal = with_contact(with_contact(make_deal(), "李工", rung="engagement"), "王总")
    assert deal.contacts[LI].rung_since == TODAY
    assert deal.contacts[WANG].rung_since is None
    deal = contacts.mark_left(deal, LI, stamp("left"))
    assert [one.name for _, one in contacts.ordered(deal)] == ["王总", "李工"]
    assert contacts.mark_left(deal, LI, stamp("left 2")) is deal
    back = contacts.mark_left(deal, LI, stamp("back"), left=False)
    assert back.events[uid("back")].what == "contact-back"


def test_a_rung_keeps_the_day_since_when() -> None:
    deal = with_contact(make_deal())
    three = TODAY - timedelta(days=3)
    deal = contacts.set_rung(deal, LI, climb("engagement", on=three), stamp("a"))
    assert deal.contacts[LI].rung_since == TODAY - timedelta(days=3)
    assert contacts.set_rung(deal, LI, climb("engagement", ""), stamp("b")) is deal
    down = contacts.set_rung(deal, LI, climb(None, ""), stamp("c"))
    assert (down.contacts[LI].rung, down.contacts[LI].rung_since) == (None, TODAY)
    with refused(InvalidValue, "date-to-come"):
        contacts.set_rung(deal, LI, climb("alliance", on=TODAY + timedelta(days=1)), stamp("d"))


def test_style_judgements_add_up_with_their_days() -> None:
    deal = with_contact(make_deal())
    deal = contacts.judge_style(deal, LI, "driving", None, stamp("a"))
    deal = contacts.judge_style(
        deal, LI, "amiable", TODAY - timedelta(days=9), stamp("b"), "饭桌上"
    )
    assert [one.style for one in deal.contacts[LI].styles.values()] == ["driving", "amiable"]
    assert deal.contacts[LI].styles[uid("a")].on == TODAY


def test_nobody_reports_to_himself_not_even_around_corners() -> None:
    deal = with_contact(make_deal(), "王总")
    deal = with_contact(deal, "李工", reports_to=WANG)
    deal = with_contact(deal, "赵敏", reports_to=LI)
    with refused(InvalidValue, "reports-to-circle", contact="王总", superior="赵敏"):
        contacts.edit(deal, WANG, stamp(), reports_to=ZHAO)
    with refused(InvalidValue, "reports-to-circle"):
        contacts.edit(deal, LI, stamp(), reports_to=LI)
    with refused(NotThere, "contact-unknown"):
        contacts.edit(deal, LI, stamp(), reports_to=uid("nobody"))
    with refused(NotThere, "contact-unknown"):
        with_contact(deal, "孙", reports_to=uid("nobody"))
    free = contacts.edit(deal, LI, stamp("free"), reports_to=None)
    assert (
        contacts.edit(free, WANG, stamp("turn"), reports_to=ZHAO).contacts[WANG].reports_to == ZHAO
    )


def test_a_circle_that_came_in_from_outside_does_not_hang_anything() -> None:
    deal = with_contact(with_contact(make_deal(), "李工"), "王总", reports_to=LI)
    customer = deal.customer_record
    assert customer is not None
    circle = {**customer.people, LI: customer.people[LI].but(reports_to=WANG)}
    deal = with_contact(deal.beside(customer.but(people=circle)), "赵敏")
    assert contacts.edit(deal, ZHAO, stamp(), reports_to=LI).contacts[ZHAO].reports_to == LI


def test_an_edit_of_a_contact_names_what_changed() -> None:
    deal = with_contact(make_deal())
    assert contacts.edit(deal, LI, stamp("same"), name="李工") is deal
    deal = contacts.edit(deal, LI, stamp("a"), title="主任", roles=("designer",))
    assert changes(deal.timeline[uid("a")]) == [("title", "", "主任"), ("roles", "", "designer")]
    with refused(InvalidValue, "empty", field="name"):
        contacts.edit(deal, LI, stamp("b"), name="")
    with pytest.raises(TypeError, match="styles"):
        contacts.edit(deal, LI, stamp("c"), styles={})
    with pytest.raises(NotThere) as caught:
        contacts.edit(deal, "李", stamp("d"), title="x")
    assert caught.value.near == ("李工",)


def test_actions_wait_by_date_and_are_done_reopened_and_snoozed() -> None:
    deal = actions.add(make_deal(), stamp("later"), "发样机", TODAY + timedelta(days=5))
    deal = actions.add(deal, stamp("whenever"), "想想")
    deal = actions.add(deal, stamp("soon"), "约李工", TODAY)
    assert [one.text for _, one in actions.open_actions(deal)] == ["约李工", "发样机", "想想"]
    deal = actions.done(deal, uid("soon"), stamp("done", days=1))
    assert deal.actions[uid("soon")].done_at == NOW + timedelta(days=1)
    assert actions.done(deal, uid("soon"), stamp("done 2")) is deal
    with refused(InvalidValue, "action-was-done", text="约李工"):
        actions.done(deal, uid("soon"), stamp("done 3"), "李工愿意见面")
    with refused(InvalidValue, "action-is-done", text="约李工"):
        actions.snooze(deal, uid("soon"), TODAY + timedelta(days=1), stamp("z"))
    deal = actions.reopen(deal, uid("soon"), stamp("reopen"))
    assert actions.reopen(deal, uid("soon"), stamp("reopen 2")) is deal
    deal = actions.snooze(deal, uid("soon"), TODAY + timedelta(days=7), stamp("snooze"))
    assert (deal.actions[uid("soon")].snoozed, deal.actions[uid("soon")].done_at) == (1, None)
    assert [one.text for _, one in actions.open_actions(deal)] == ["发样机", "约李工", "想想"]
    with refused(InvalidValue, "date-gone", field="due"):
        actions.snooze(deal, uid("soon"), TODAY - timedelta(days=1), stamp("past"))


def test_an_edit_of_an_action_names_what_changed() -> None:
    deal = actions.add(make_deal(), stamp("a"), "约李工")
    assert actions.edit(deal, uid("a"), stamp("same"), text="约李工 ") is deal
    deal = actions.edit(deal, uid("a"), stamp("b"), owner="小李", due=TODAY)
    assert changes(deal.timeline[uid("b")]) == [
        ("due", "", TODAY.isoformat()),
        ("owner", "", "小李"),
    ]
    assert actions.edit(deal, uid("a"), stamp("b"), owner="别人") is deal
    with refused(InvalidValue, "empty", field="text"):
        actions.add(deal, stamp("c"), " ")
    with pytest.raises(TypeError, match="done_at"):
        actions.edit(deal, uid("a"), stamp("d"), done_at=NOW)
    with pytest.raises(NotThere) as caught:
        actions.done(deal, "约", stamp("e"))
    assert caught.value.near == ("约李工",)


def test_notes_are_added_newest_first_and_long_ones_are_kept_whole() -> None:
    deal = notes.add(with_contact(make_deal()), stamp("a"), "长" * 5_000, contact=LI)
    deal = notes.add(deal, stamp("b", days=1), "第二条", "visit")
    assert [len(one.text) for _, one in notes.newest_first(deal)] == [3, 5_000]
    assert len(deal.timeline[uid("a")].about["text"]) == 200
    assert deal.timeline[uid("a")].about["contact"] == "李工"
    with refused(InvalidValue, "empty", field="note"):
        notes.add(deal, stamp("c"), "\n\t")
    with refused(InvalidValue, "too-long", limit=20_000):
        notes.add(deal, stamp("c"), "x" * 20_001)
    with refused(NotThere, "contact-unknown"):
        notes.add(deal, stamp("c"), "谁", contact=uid("nobody"))


def test_the_buying_phase_keeps_its_history() -> None:
    deal = phases.set_phase(make_deal(), "purchase-design", stamp("a"))
    assert phases.set_phase(deal, "purchase-design", stamp("b")) is deal
    deal = phases.set_phase(deal, "implementation", stamp("c", days=3))
    assert [one.phase for one in phases.history(deal)] == ["purchase-design", "implementation"]
    assert deal.timeline[uid("c")].about["phase_before"] == "purchase-design"
    with refused(InvalidValue, "bad-key", field="buying_phase"):
        phases.set_phase(deal, "采购设计", stamp("d"))


def test_an_outcome_counts_once_as_evidence_and_not_for_what_is_done_already() -> None:
    deal = actions.add(make_deal(), stamp("call"), "约李工", item="find-insider")
    with_it = actions.done_with_evidence(deal, uid("call"), stamp("done"), "李工愿意见面")
    again = actions.done_with_evidence(with_it, uid("call"), stamp("done"), "李工愿意见面")
    assert again is with_it
    with refused(InvalidValue, "action-was-done", text="约李工"):
        actions.done_with_evidence(with_it, uid("call"), stamp("later"), "李工愿意见面")
