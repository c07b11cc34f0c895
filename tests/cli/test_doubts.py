"""What may not be meant as it stands is asked about once: a script is told and must say that it means it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_a_second_deal_of_the_same_name_needs_a_word(run: Run, deal: str) -> None:
    again = ("new", "ｃｒｍ  升级", "--customer", "华鼎数据")
    told = run(*again, code=1)
    assert deal[:8] in told.err
    assert "--anyway" in told.err
    assert len(run("list", "--json").data["deals"]) == 1
    run(*again, "--anyway")
    run("new", "CRM 升级", "--customer", "另一家")
    assert len(run("list", "--json").data["deals"]) == 3
    run("edit", deal, "--name", "CRM 升级")  # its own name is no other deal's


def test_renaming_to_another_deals_name_needs_a_word(run: Run, deal: str) -> None:
    other = run("new", "备份", "--customer", "华鼎数据").out.strip()
    run("edit", other, "--name", "CRM 升级", code=1)
    run("edit", other, "--name", "CRM 升级", "--anyway")


def test_a_close_date_gone_by_needs_a_word(run: Run, deal: str) -> None:
    assert "2020-01-05" in run("edit", deal, "--close", "2020-01-05", code=1).err
    run("edit", deal, "--close", "2020-01-05", "--anyway")
    run("edit", deal, "--owner", "小周")  # what was saved is not asked about again


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--email", "13800138000", "phone number"),
        ("--email", "+86 (10) 6655-1234 ext 5", "phone number"),
        ("--email", "li", "does not look like an e-mail"),
        ("--phone", "li@huading.cn", "e-mail address"),
        ("--phone", "ask him", "no digit"),
    ],
)
def test_what_looks_misplaced_needs_a_word(
    run: Run, deal: str, option: str, value: str, told: str
) -> None:
    assert told in run("contact", "add", deal, "李工", option, value, code=1).err
    run("contact", "add", deal, "李工", option, value, "--anyway")
    assert told in run("contact", "edit", deal, "李工", option, value, code=1).err


def test_what_looks_right_is_not_asked_about(run: Run, deal: str) -> None:
    run("contact", "add", deal, "李工", "--email", "li@huading.com.cn", "--phone", "138 0013 8000")
    run("contact", "edit", deal, "李工", "--email", "", "--phone", "")


@pytest.mark.parametrize(
    "command",
    [
        ("archive", "DEAL", "--restore"),
        ("edit", "DEAL", "--name", "CRM 升级"),
        ("contact", "rung", "DEAL", "李工", "stranger"),
        ("contact", "edit", "DEAL", "李工", "--title", "工程师"),
        ("action", "snooze", "DEAL", "1", "2030-02-03"),
        ("action", "reopen", "DEAL", "1"),
        ("phase", "DEAL", "evaluation"),
    ],
)
def test_what_changes_nothing_is_not_told_as_done(
    run: Run, deal: str, command: tuple[str, ...]
) -> None:
    run("contact", "add", deal, "李工", "--title", "工程师")
    run("action", "add", deal, "call", "--due", "2030-02-03")
    run("phase", deal, "evaluation")
    before = run("show", deal, "--json").data["deal"]["rev"]
    told = run(*(deal if one == "DEAL" else one for one in command)).err
    assert told.endswith("Nothing changed: it was so already.\n")
    assert run("show", deal, "--json").data["deal"]["rev"] == before


def test_archiving_is_told_once(run: Run, deal: str) -> None:
    assert "Archived" in run("archive", deal).err
    assert "Archived" not in run("archive", deal).err


def test_at_a_terminal_it_is_asked(run: Run, deal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter("ny")
    monkeypatch.setattr("salescoach.cli.ask.can_ask", lambda: True)
    monkeypatch.setattr("salescoach.cli.ask.ask", lambda *given: next(answers))
    assert "Nothing was saved" in run("edit", deal, "--close", "2020-01-05", code=1).err
    run("edit", deal, "--close", "2020-01-05")


def test_a_currency_is_one_of_iso_4217(run: Run, deal: str) -> None:
    refused = run("edit", deal, "--currency", "rmb", code=2)
    assert "CNY" in refused.err
    run("edit", deal, "--currency", "usd")
    assert run("list", "--json").data["deals"][0]["currency"] == "USD"
    assert "CNY" in run("config", "set", "currency", "RMB", code=None).err


def test_a_deal_with_a_code_from_before_opens_and_says_so(run: Run, deal: str) -> None:
    place = Path(run("paths", "--json").data["paths"]["deals"]) / f"{deal}.json"
    place.write_text(place.read_text("utf-8").replace('"CNY"', '"ABC"', 1), "utf-8")
    shown = run("show", deal)
    assert "“ABC” is no currency code" in shown.err
    assert "CRM 升级" in shown.out
    run("edit", deal, "--owner", "小周")
    assert run("list", "--json").data["deals"][0]["currency"] == "ABC"
