"""A deal is made, edited, decided and put away, and what does not fit is refused in one clear way."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from salescoach.deal import identity
from salescoach.deal.models import Deal
from salescoach.document.errors import DocumentError, InvalidValue
from tests.build import NOW, STAGES, TODAY, make_deal, refused, stamp, uid


def test_a_new_deal_starts_in_its_first_stage() -> None:
    deal = make_deal(name="  CRM\t升级 ", amount=Decimal(1200000), close_on=date(2027, 2, 28))
    assert deal.name == "CRM 升级"
    assert list(deal.stages) == ["customer-analysis"]
    assert deal.stages["customer-analysis"].is_open
    assert deal.stages["customer-analysis"].since == NOW
    assert deal.timeline[uid("create deal")].about == {
        "text": "CRM 升级",
        "customer": "华鼎数据",
        "stage": "customer-analysis",
    }


def test_a_deal_under_way_records_the_stages_it_has_passed() -> None:
    deal = make_deal(stage="uncovering-needs")
    assert list(deal.stages) == list(STAGES[:3])
    passed = deal.stages["building-trust"]
    assert (passed.opened, passed.closed) == (NOW, NOW)
    assert passed.exit.override == identity.UNDER_WAY
    assert passed.exit.override_missing == ("marker:building-trust/exit",)
    assert (passed.exit.override_at, passed.exit.override_by) == (NOW, "小周")
    assert deal.stages["uncovering-needs"].is_open
    assert deal.stages["uncovering-needs"].entry.override == identity.UNDER_WAY


def test_without_a_list_of_stages_only_the_open_one_is_recorded() -> None:
    assert list(make_deal(stage="follow-up", stages=()).stages) == ["follow-up"]


def test_an_unknown_stage_is_refused_with_the_ones_there_are() -> None:
    with refused(InvalidValue, "bad-choice", field="stage", value="nowhere"):
        make_deal(stage="nowhere")


@pytest.mark.parametrize(
    ("fields", "code", "params"),
    [
        ({"name": " \n"}, "empty", {"field": "name"}),
        ({"name": "x" * 201}, "too-long", {"field": "name"}),
        ({"amount": "12,00x"}, "bad-amount", {"value": "12,00x"}),
        ({"amount": Decimal("NaN")}, "bad-amount", {}),
        ({"amount": Decimal(-1)}, "bad-amount", {"value": "-1"}),
        ({"amount": Decimal(10) ** 15}, "bad-amount", {}),
        ({"currency": "rmb"}, "unknown-currency", {"value": "rmb"}),
        ({"close_on": "2026-02-30"}, "bad-date", {"value": "2026-02-30"}),
        ({"kind": "huge"}, "bad-choice", {"field": "kind", "value": "huge"}),
        ({"owner": 3}, "bad-value", {"field": "owner"}),
    ],
)
def test_what_does_not_fit_is_refused_by_field(
    fields: dict[str, object], code: str, params: dict[str, object]
) -> None:
    with refused(InvalidValue, code, **params):
        identity.edit(make_deal(), stamp(), **fields)
    with refused(InvalidValue, code, **params):
        make_deal(**fields)  # type: ignore[arg-type]


def test_an_edit_tells_before_and_after_and_one_without_a_difference_leaves_no_trace() -> None:
    deal = make_deal()
    richer = identity.edit(deal, stamp("a"), amount=Decimal("1.20"))
    assert richer.timeline[uid("a")].about == {"fields": "amount", "amount.after": "1.20"}
    later = identity.edit(richer, stamp("b"), close_on=date(2027, 1, 1), amount=None)
    assert later.timeline[uid("b")].about == {
        "fields": "amount close_on",
        "amount.before": "1.20",
        "close_on.after": "2027-01-01",
    }
    assert identity.edit(later, stamp("c"), close_on=date(2027, 1, 1)) is later
    with pytest.raises(TypeError, match="rev"):
        identity.edit(deal, stamp(), rev=3)


def test_a_decided_deal_keeps_everything_and_can_be_edited_and_reopened() -> None:
    deal = identity.edit(make_deal(), stamp("amount"), amount=Decimal(5))
    won = identity.win(deal, stamp("win", days=2), "合同 7 号", reason="服务好")
    assert (won.status, won.status_reason, won.status_at) == (
        "won",
        "服务好",
        NOW + timedelta(days=2),
    )
    assert won.stages == deal.stages
    assert identity.win(won, stamp("again", days=2), "合同 7 号", reason="服务好") is won
    assert identity.edit(won, stamp("edit"), owner="小李").owner == "小李"
    again = identity.reopen(won, stamp("reopen"), "合同作废")
    assert (again.status, again.amount) == ("open", Decimal(5))
    with refused(DocumentError, "deal-already-open"):
        identity.reopen(again, stamp("reopen 2"))
    assert identity.reopen(again, stamp("reopen")) is again


def test_what_was_signed_is_kept_and_told_and_forgotten_when_reopened() -> None:
    deal = identity.edit(make_deal(), stamp("amount"), amount=Decimal(5))
    with refused(InvalidValue, "empty", field="signed_what"):
        identity.win(deal, stamp(), " \x1b ")
    with refused(InvalidValue, "signed-to-come"):
        identity.win(deal, stamp(), "合同", TODAY + timedelta(days=1))
    with refused(InvalidValue, "unknown-currency"):
        identity.win(deal, stamp(), "合同", currency="euro")
    by_default = identity.win(deal, stamp("w"), "合同")
    assert (by_default.signed_on, by_default.signed_amount) == (TODAY, Decimal(5))
    day = TODAY - timedelta(days=3)
    won = identity.win(deal, stamp("w"), "合同 7 号", day, Decimal("4.50"), "EUR")
    assert (won.signed_what, won.signed_on) == ("合同 7 号", day)
    assert (won.signed_amount, won.signed_currency) == (Decimal("4.50"), "EUR")
    assert won.amount == Decimal(5)
    assert won.timeline[uid("w")].about == {
        "before": "open",
        "text": "合同 7 号",
        "on": day.isoformat(),
        "amount": "4.50",
        "currency": "EUR",
    }
    again = identity.reopen(won, stamp("reopen"))
    assert (again.signed_what, again.signed_on, again.signed_amount) == ("", None, None)


def test_losing_needs_a_reason() -> None:
    with refused(InvalidValue, "reason-needed-lose"):
        identity.lose(make_deal(), stamp(), " \x1b[2J ")
    lost = identity.lose(make_deal(), stamp(), "预算取消")
    assert lost.timeline[uid("doing")].about == {"before": "open", "reason": "预算取消"}


def test_nurture_takes_a_day_that_is_still_to_come_and_reopening_forgets_it() -> None:
    with refused(InvalidValue, "date-gone", field="revisit_on"):
        identity.nurture(make_deal(), stamp(), revisit_on=TODAY - timedelta(days=1))
    deal = identity.nurture(make_deal(), stamp("n"), revisit_on=TODAY)
    assert (deal.status, deal.revisit_on) == ("nurture", TODAY)
    assert identity.nurture(deal, stamp("n"), revisit_on=TODAY) is deal
    assert identity.reopen(deal, stamp("r")).revisit_on is None


def test_archiving_is_undone_by_its_opposite() -> None:
    deal = identity.archive(make_deal(), stamp("a"))
    assert deal.archived
    assert identity.archive(deal, stamp("b")) is deal
    back: Deal = identity.archive(deal, stamp("c"), archived=False)
    assert not back.archived
    assert back.timeline[uid("c")].what == "unarchived"
