"""Merging copies and settling conflicts from the shell."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from salescoach.customer.models import Customer
from tests.cli.conftest import Run

SYNCTHING = ".sync-conflict-20260101-120000-ABCDEFG.json"
Leave = Callable[..., Path]


@pytest.fixture
def copy(home: Path, run: Run, deal: str) -> Leave:
    """Return a function that leaves the deal as it was as a copy, changed as another machine did."""
    file = home / "deals" / f"{deal}.json"

    def leave(*argv: str, rest: str = SYNCTHING) -> Path:
        last = home / "state" / "saved" / file.name
        before, saved = file.read_bytes(), last.read_bytes()
        run(*argv)
        path = file.with_name(deal + rest)
        path.write_bytes(file.read_bytes())
        file.write_bytes(before)
        last.write_bytes(saved)  # it was saved on the other machine, not here
        path.chmod(0o600)
        return path

    return leave


@pytest.fixture
def split(run: Run, deal: str, copy: Leave) -> str:
    """Return a deal with a copy: both changed the amount, the copy has a note too."""
    copy("edit", deal, "--amount", "300")
    copy("note", deal, "from the other machine", rest=" (1).json")
    run("edit", deal, "--amount", "200")
    return deal


def test_copies_are_merged_and_what_came_in_is_told(run: Run, split: str, home: Path) -> None:
    before = run("show", split, "--json").data
    dry = run("merge", "--dry-run")
    assert "from the other machine" in dry.out
    assert "nothing was written" in dry.err
    assert run("show", split, "--json").data == before
    ran = run("merge", split)
    assert "from the other machine" in ran.out
    assert f"Conflicts to settle: 1. See salescoach conflicts {split[:8]}" in ran.out
    after = run("show", split, "--json").data
    assert after["deal"]["amount"] == "200"
    assert len(after["notes"]) == 1
    assert [one["path"] for one in after["conflicts"]] == [["amount"]]
    assert "no copies" in run("merge").err
    assert len(list((home / "state" / "merged").iterdir())) == 2


def test_the_outcome_of_a_merge_is_data_too(run: Run, split: str, home: Path) -> None:
    (home / "deals" / f"{split} (9).json").write_bytes(b"{")
    ran = run("merge", "--json", code=6)
    assert ran.data["dry_run"] is False
    found = {Path(one["copy"]).name.removeprefix(split): one for one in ran.data["copies"]}
    assert found[SYNCTHING]["service"] == "Syncthing"
    assert found[SYNCTHING]["merged"]
    assert found[" (1).json"]["came_in"][0]["what"] == "noted"
    assert found[" (9).json"]["error"]
    assert not found[" (9).json"]["merged"]
    assert "not JSON" in run("merge", code=6).out


def test_conflicts_are_listed_and_settled_each_way(run: Run, split: str) -> None:
    run("merge")
    listed = run("conflicts", split)
    assert "amount" in listed.out
    assert "kept what stands there: CNY 200" in listed.out
    assert "lost the other value: CNY 300" in listed.out
    assert f"salescoach settle {split[:8]} NUMBER kept|lost" in listed.err
    (one,) = run("conflicts", split, "--json").data["conflicts"]
    assert (one["kept"], one["lost"], one["now"], one["field"]) == ("200", "300", "200", "amount")
    shown = run("show", split)
    assert "Conflicts to settle" in shown.out
    assert "CNY 300" in shown.out
    assert "金额: CNY 300" in run("--lang", "zh", "settle", split, "1", "lost").err.replace(
        "：", ": "
    )
    assert run("show", split, "--json").data["deal"]["amount"] == "300"
    assert "has no conflicts" in run("conflicts", split).err
    assert "Conflict settled: amount is “300”, not “200”" in run("history", split).out
    run("undo", split)
    run("settle", split, one["id"][:8], "kept")
    assert run("show", split, "--json").data["deal"]["amount"] == "200"
    assert "Conflicts" not in run("show", split).out


def test_what_is_left_to_settle_is_told(run: Run, deal: str, copy: Leave) -> None:
    copy("edit", deal, "--amount", "300", "--owner", "甲")
    run("edit", deal, "--amount", "200", "--owner", "乙")
    run("merge")
    told = run("settle", deal, "amount", "kept").err
    assert "Conflicts to settle: 1" in told
    assert run("settle", deal, "1", "kept").err == "owner: 乙\n"


def test_a_deal_whose_file_is_gone_is_brought_back(
    run: Run, deal: str, copy: Leave, home: Path
) -> None:
    copy("note", deal, "x")
    (home / "deals" / f"{deal}.json").unlink()
    assert run("show", deal, code=3).out == ""
    run("merge", "nothing like it", code=3)
    assert "becomes the deal again" in run("merge", deal[:8]).out
    assert "CRM" in run("show", deal).out


def test_many_lines_that_came_in_are_cut(run: Run, deal: str, home: Path) -> None:
    file, last = home / "deals" / f"{deal}.json", home / "state" / "saved" / f"{deal}.json"
    before = file.read_bytes()
    for number in range(12):
        run("note", deal, f"line {number}")
    file.with_name(f"{deal}{SYNCTHING}").write_bytes(file.read_bytes())
    file.write_bytes(before)
    last.unlink()
    told = run("merge").out
    assert "line 11" in told
    assert "and more: 4" in told
    assert "line 2" not in told


def test_a_parked_change_is_found_explained_and_merged(run: Run, deal: str, home: Path) -> None:
    for name in ("A", "B"):
        run("contact", "add", deal, name)
    (file,) = (home / "customers").glob("*.json")
    raw: dict[str, Any] = json.loads(file.read_text("utf-8"))
    first, second = raw["people"]
    raw["people"][first]["reports_to"] = second
    raw["timeline"]["0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a"] = {
        "what": "x",
        "at": "2020-01-01T00:00:00Z",
    }
    parked = home / "state" / "parked" / "customers" / file.stem / "20261123T090000.json"
    parked.parent.mkdir(parents=True, mode=0o700)
    parked.write_text(Customer.model_validate(raw).model_dump_json(by_alias=True), "utf-8")
    run("contact", "edit", deal, "B", "--reports-to", "A")
    findings = run("doctor", "--json", code=1).data["findings"]
    (found,) = (one for one in findings if str(parked) in one["text"])
    assert found["mend"].startswith(f"salescoach merge {file.stem[:8]}")
    refused = run("merge", deal, code=4)
    assert "A, B would report to each other" in refused.out
    run("contact", "edit", deal, "B", "--reports-to", "")
    run("merge", deal)
    assert not parked.exists()
    contacts = run("show", deal, "--json").data["contacts"]
    assert {one["name"]: one["reports_to"] for one in contacts} == {"A": second, "B": None}


def test_the_doctor_sends_copies_to_the_merge(run: Run, split: str) -> None:
    findings = run("doctor", "--json", code=1).data["findings"]
    mends = [one["mend"] for one in findings if "conflict copy" in one["text"]]
    assert len(mends) == 2
    assert all(f"salescoach merge {split[:8]}" in mend for mend in mends)


def test_a_copy_edited_by_hand_goes_on_from_the_save_that_it_names(run: Run, home: Path) -> None:
    """What only the hand changed is taken over, and what the timeline does not tell is told; nothing here gives way."""
    deal = run("new", "CRM", "-c", "Acme").out.strip()
    run("edit", deal, "--name", "CRM 2")
    path = home / "deals" / f"{deal}.json"
    copy = path.with_name(f"{deal}.sync-conflict-20261123-101500-ABCDEFG.json")
    copy.write_bytes(path.read_bytes().replace(b'"CRM 2"', b'"By hand"'))
    run("note", deal, "seen")
    assert "its timeline does not tell" in run("merge").out
    shown = run("show", deal, "--json").data
    assert (shown["deal"]["name"], len(shown["notes"]), shown["conflicts"]) == ("By hand", 1, [])


def test_an_amount_changed_by_hand_and_by_a_copy_is_settled_by_a_person(
    run: Run, home: Path
) -> None:
    """The amount that a hand put into the file was overwritten without a word."""
    deal = run("new", "CRM", "-c", "Acme", "--amount", "100").out.strip()
    path = home / "deals" / f"{deal}.json"
    copy = path.with_name(f"{deal}.sync-conflict-20261123-101500-ABCDEFG.json")
    last, before = home / "state" / "saved" / path.name, path.read_bytes()
    saved = last.read_bytes()
    run("edit", deal, "--amount", "200")
    copy.write_bytes(path.read_bytes())
    path.write_bytes(before.replace(b'"amount": "100"', b'"amount": "300"'))
    last.write_bytes(saved)
    run("merge")
    (conflict,) = run("conflicts", deal, "--json").data["conflicts"]
    assert {"200", "300"} <= set(map(str, conflict.values()))


def test_a_copy_of_what_is_there_has_nothing_new(run: Run, home: Path) -> None:
    deal = run("new", "CRM", "-c", "Acme").out.strip()
    path = home / "deals" / f"{deal}.json"
    path.with_name(f"{deal} (1).json").write_bytes(path.read_bytes())
    assert "Nothing new" in run("merge").out


@pytest.mark.parametrize("where", [0, 2, 4])
def test_the_language_can_be_asked_for_anywhere_in_a_two_word_command(run: Run, where: int) -> None:
    deal = run("new", "CRM", "-c", "Acme").out.strip()
    words = ["action", "add", deal, "Call"]
    assert run(*words[:where], "--lang", "zh", *words[where:]).code == 0


def test_a_copy_of_a_customer_is_merged_with_its_deal(run: Run, home: Path) -> None:
    """What two machines did to one person meets, and is told and settled from the deal or the customer."""
    deal = run("new", "CRM", "-c", "Acme").out.strip()
    person = run("contact", "add", deal, "Ann", "--phone", "13800000000").out.strip()
    (file,) = (home / "customers").glob("*.json")
    last = home / "state" / "saved" / "customers" / file.name
    before, saved = file.read_bytes(), last.read_bytes()
    run("contact", "edit", deal, "Ann", "--phone", "13900000001")
    file.with_name(f"{file.stem}{SYNCTHING}").write_bytes(file.read_bytes())
    file.write_bytes(before)
    last.write_bytes(saved)
    run("contact", "edit", deal, "Ann", "--phone", "13900000002", "--title", "CEO")
    told = run("merge", deal)
    assert "Contact Ann changed: phone 13800000000" in told.out
    assert f"salescoach customer conflicts {file.stem[:8]}" in told.out
    (conflict,) = run("conflicts", deal, "--json").data["conflicts"]
    assert conflict["path"] == ["people", person, "phone"]
    lost = conflict["lost"]
    run("settle", deal, "1", "lost")
    (ann,) = run("contact", "list", deal, "--json").data["contacts"]
    assert (ann["phone"], ann["title"]) == (lost, "CEO")


def test_what_changes_only_the_customer_is_told_as_done(run: Run, deal: str) -> None:
    run("contact", "add", deal, "Ann")
    assert (
        "Nothing changed" not in run("contact", "edit", deal, "Ann", "--phone", "13900000001").err
    )
    assert "Nothing changed" in run("contact", "edit", deal, "Ann", "--phone", "13900000001").err
