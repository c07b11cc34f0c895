"""Currencies are those of ISO 4217; what is meant by another word is suggested, and old deals stay as they are."""

from __future__ import annotations

from decimal import Decimal

import pytest

from salescoach.deal import identity
from salescoach.deal.currencies import CODES, WHOLE, UnknownCurrency, currency_of
from salescoach.document.errors import InvalidValue
from tests.build import make_deal, refused, stamp


def test_codes_are_taken_in_any_case() -> None:
    assert [currency_of(text) for text in ("CNY", "usd", " eUr ", "ＪＰＹ")] == [
        "CNY",
        "USD",
        "EUR",
        "JPY",
    ]
    assert len(CODES) > 170
    assert WHOLE < CODES
    assert all(len(code) == 3 and code.isalpha() and code.isupper() for code in CODES)


@pytest.mark.parametrize(
    ("text", "near"),
    [("RMB", "CNY"), ("人民币", "CNY"), ("euro", "EUR"), ("US$", "USD"), ("CNX", "CNY"), ("UDS", "USD")],
)  # fmt: skip
def test_what_is_no_code_is_refused_with_what_may_be_meant(text: str, near: str) -> None:
    with pytest.raises(UnknownCurrency) as caught:
        currency_of(text)
    assert near in caught.value.near


@pytest.mark.parametrize("text", ["", "ABC", "XXX", "[/]", "Z" * 500])
def test_what_is_like_no_code_is_refused(text: str) -> None:
    with refused(InvalidValue, "unknown-currency"):
        currency_of(text)


def test_a_deal_with_a_code_from_before_can_be_edited_and_keeps_it() -> None:
    old = make_deal().but(currency="ABC")
    edited = identity.edit(old, stamp("e"), name="new", currency="ABC")
    assert (edited.name, edited.currency) == ("new", "ABC")
    with refused(InvalidValue, "unknown-currency"):
        identity.edit(old, stamp("e"), currency="ABD")
    assert identity.edit(old, stamp("e"), currency="USD").currency == "USD"


def test_a_currency_without_cents_takes_none() -> None:
    deal = identity.edit(make_deal(), stamp("e"), amount=Decimal("12.50"))
    with refused(InvalidValue, "amount-whole", currency="JPY"):
        identity.edit(deal, stamp("f"), currency="JPY")
    with refused(InvalidValue, "amount-whole"):
        make_deal(amount=Decimal("0.5"), currency="KRW")
    assert make_deal(amount=Decimal(5), currency="JPY").amount == 5
