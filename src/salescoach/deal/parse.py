"""Reads amounts as people type them, in Chinese and English; what cannot be read is refused with the mend."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from salescoach.document.change import shown
from salescoach.document.errors import InvalidValue
from salescoach.text import clean

_UNITS = {
    "": 0,
    "k": 3,
    "thousand": 3,
    "千": 3,
    "w": 4,
    "万": 4,
    "萬": 4,
    "十万": 5,
    "m": 6,
    "mn": 6,
    "mio": 6,
    "million": 6,
    "百万": 6,
    "千万": 7,
    "亿": 8,
    "億": 8,
    "b": 9,
    "bn": 9,
    "billion": 9,
}
_AMOUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,16})(\.\d{1,6})?([^\W\d_]*)")
_MONEY_SIGNS = re.compile(r"^(?:[¥$€£]|cny|rmb|usd|eur|gbp|hkd|jpy|人民币)|(?:元整?|块钱?|圆)$")
_CEILING = Decimal(10) ** 15


def parse_amount(text: str) -> Decimal:
    """Return an amount written as `1,200,000`, `120万`, `1.2m` or `¥1200000`. Raises InvalidValue."""
    if not clean(text):
        raise InvalidValue("empty", field="amount")
    written = "".join(_fold(text).split())
    bare = _MONEY_SIGNS.sub("", _MONEY_SIGNS.sub("", written))
    found = _AMOUNT.fullmatch(bare)
    power = _UNITS.get(found[3]) if found else None
    if found is None or power is None:
        raise InvalidValue("bad-amount", value=shown(text))
    digits = found[1].replace(",", "") + (found[2] or "")
    amount = Decimal(digits).scaleb(power)
    if amount >= _CEILING:
        raise InvalidValue("bad-amount", value=shown(text))
    exact = amount.quantize(Decimal("0.01"))
    if exact != amount:
        raise InvalidValue("amount-too-fine", value=shown(text))
    return exact if exact != exact.to_integral_value() else exact.quantize(Decimal(1))


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", clean(text)).casefold()
