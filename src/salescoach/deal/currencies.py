"""The currencies of ISO 4217: which codes there are, and which have no smaller unit."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from difflib import get_close_matches

from salescoach.document.errors import InvalidValue
from salescoach.text import clean, truncate

_ALL = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP
CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS
INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR
MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD
SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST
XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XUA YER ZAR ZMW ZWG
"""
CODES = frozenset(_ALL.split())
"""All codes but those for tests (XTS) and for no currency at all (XXX)."""
WHOLE = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()  # noqa: SIM905
)
"""Currencies without a smaller unit; the others' amounts have at most two decimals here."""
_CALLED = {
    "RMB": "CNY", "CNH": "CNY", "YUAN": "CNY", "人民币": "CNY", "元": "CNY", "¥": "CNY",
    "US$": "USD", "$": "USD", "DOLLAR": "USD", "美元": "USD", "美金": "USD", "€": "EUR",
    "EURO": "EUR", "欧元": "EUR", "HK$": "HKD", "港币": "HKD", "港元": "HKD", "£": "GBP",
    "英镑": "GBP", "YEN": "JPY", "日元": "JPY", "新台币": "TWD", "NTD": "TWD", "韩元": "KRW",
}  # fmt: skip


class UnknownCurrency(InvalidValue):
    """A code that ISO 4217 does not have; `near` lists those that may be meant."""

    def __init__(self, value: str, near: tuple[str, ...]) -> None:
        super().__init__("unknown-currency", value=truncate(clean(value), 20))
        self.near = near


def currency_of(text: str) -> str:
    """Return the code that `text` is, in any case. Raises UnknownCurrency with the nearest codes."""
    code = unicodedata.normalize("NFKC", clean(text)).upper()
    if code in CODES:
        return code
    called = _CALLED.get(code)
    near = (called,) if called else tuple(get_close_matches(code[:20], sorted(CODES), n=3))
    raise UnknownCurrency(text, near)


def check_amount(amount: Decimal | None, currency: str) -> None:
    """Refuse cents of a currency that has none. Raises InvalidValue."""
    if amount is not None and currency in WHOLE and amount != amount.to_integral_value():
        raise InvalidValue("amount-whole", value=f"{amount:f}", currency=currency)
