"""A deal is won with what was signed, when and for how much: by options, or asked for at a terminal."""

from __future__ import annotations

import io
import sys

import pytest

from salescoach.cli import ask

from .conftest import Run


def test_a_script_is_told_which_option_is_missing(run: Run) -> None:
    deal = run("new", "CRM", "--customer", "Globex").out.strip()
    assert "missing: --what, --amount" in run("win", deal, code=2).err
    assert "missing: --amount" in run("win", deal, "--what", "PO 7", code=2).err
    assert run("show", deal, "--json").data["deal"]["status"] == "open"


def test_what_was_signed_is_in_the_deal_the_list_and_the_timeline(run: Run, deal: str) -> None:
    options = ("--on", "2026-01-05", "--amount", "98万", "--currency", "usd")
    run("win", deal, "--what", "合同 7 号", *options, "--reason", "服务好")
    told = run("show", deal, "--json").data["deal"]
    assert (told["signed_what"], told["signed_on"]) == ("合同 7 号", "2026-01-05")
    assert (told["signed_amount"], told["signed_currency"]) == ("980000", "USD")
    assert told["amount"] == "1200000"
    (line,) = run("list", "--status", "won", "--json").data["deals"]
    assert (line["signed_what"], line["signed_amount"]) == ("合同 7 号", "980000")
    assert "合同 7 号 · 2026-01-05" in run("show", deal).out
    told_zh = run("history", deal, "--lang", "zh").out
    assert "赢单：2026-01-05 签了“合同 7 号”，USD 980,000：服务好" in told_zh
    run("undo", deal)
    assert run("show", deal, "--json").data["deal"]["signed_what"] == ""


def test_a_person_at_the_terminal_is_asked(
    run: Run, deal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask, "can_ask", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("PO 7\n2026-01-05\n\n"))
    assert "On which day" in run("win", deal, "--lang", "en").err
    told = run("show", deal, "--json").data["deal"]
    assert (told["signed_what"], told["signed_on"]) == ("PO 7", "2026-01-05")
    assert told["signed_amount"] == "1200000"


def test_a_person_who_says_nothing_wins_nothing(
    run: Run, deal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask, "can_ask", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert "--what" in run("win", deal, code=2).err
    assert run("show", deal, "--json").data["deal"]["status"] == "open"


def test_the_list_tells_what_was_signed_for_and_not_what_was_expected(run: Run, deal: str) -> None:
    run("win", deal, "--what", "PO 7", "--on", "2026-01-05", "--amount", "98万")
    head, row = run("list", "--status", "won", "--lang", "zh").out.splitlines()
    assert "CNY 980,000" in row
    assert "2026-01-05" in row
    assert "签约" in head.split()
    assert "预计签约" not in head


def test_nothing_is_signed_on_a_day_to_come(run: Run) -> None:
    run("new", "Backup", "--customer", "Globex", "--stage", "5", "--amount", "100")
    told = run("win", "Backup", "--what", "PO 7", "--on", "tomorrow", code=2)
    assert "signed on a day that has passed" in told.err
    assert run("show", "Backup", "--json").data["deal"]["status"] == "open"
