"""Customers and the records of people from the shell."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from salescoach.cli import ask
from tests.cli.conftest import Run


@pytest.fixture
def two(run: Run) -> tuple[str, str]:
    """Return two deals of one customer, in the first of which there is somebody."""
    one = run("new", "CRM", "-c", "Acme Ltd").out.strip()
    two = run("new", "ERP", "-c", "acme ltd").out.strip()
    run("person", "add", one, "Ann Lee", "--phone", "13800000000", "--role", "user")
    return one, two


def _people(run: Run, where: str) -> dict[str, Any]:
    entries = run("contact", "list", where, "--json").data["contacts"]
    return {one["name"]: one for one in entries}


def test_customers_are_listed_and_shown(run: Run, two: tuple[str, str]) -> None:
    run("action", "add", two[1], "Call", "--due", "tomorrow")
    (card,) = run("customer", "list", "--json").data["customers"]
    assert (card["name"], card["people"], card["deals"], card["actions"]) == ("Acme Ltd", 1, 2, 1)
    assert card["other_names"] == []
    table = run("customer", "list", "acme").out
    assert "Acme Ltd" in table
    assert "no such customers" in run("customer", "list", "zzz").err
    shown = run("customer", "show", "acme", "--json").data
    assert [one["name"] for one in shown["people"]] == ["Ann Lee"]
    assert {one["id"] for one in shown["deals"]} == set(two)
    assert [one["text"] for one in shown["actions"]] == ["Call"]
    text = run("customer", "show", card["id"][:8]).out
    assert all(one in text for one in ("Acme Ltd", "Ann Lee", "CRM", "ERP", "Call"))
    assert run("customer", "show", "nobody", code=3).out == ""
    assert "Ann Lee" in run("--lang", "zh", "customer", "people", "acme").out


def test_a_phone_number_is_changed_in_one_deal_and_seen_in_the_other(
    run: Run, two: tuple[str, str]
) -> None:
    told = run("contact", "add", two[1], "ann lee", "--role", "decision-maker", "--stance", "for")
    assert "has Ann Lee" in told.err
    assert "--new" in told.err
    run("contact", "edit", two[1], "Ann", "--phone", "13900000001", "--birthday", "03-08")
    ann = _people(run, two[0])["Ann Lee"]
    assert (ann["phone"], ann["birthday"]) == ("13900000001", "03-08")
    assert (ann["roles"], ann["stance"]) == (["user"], None)
    other = _people(run, two[1])["Ann Lee"]
    assert (other["roles"], other["stance"], other["id"]) == (["decision-maker"], "for", ann["id"])
    assert len(run("customer", "people", "acme", "--json").data["people"]) == 1
    run("contact", "add", two[1], "Ann Lee", "--new")
    assert len(run("customer", "people", "acme", "--json").data["people"]) == 2


def test_people_are_kept_at_a_customer_without_a_deal(run: Run) -> None:
    run("customer", "new", "华鼎数据", "--other-name", "华鼎")
    assert "there already" in run("customer", "new", "华鼎").err
    key = run("person", "add", "华鼎", "李工", "--title", "总工", "--other-name", "Lee").out.strip()
    run("person", "rung", "huading", "李工", "认识", "--note", "knows my name")
    (person,) = run("customer", "people", "hdsj", "--json").data["people"]
    assert (person["id"], person["rung"], person["other_names"]) == (key, "acquaintance", ["Lee"])
    run("person", "edit", "华鼎", "Lee", "--remove-other-name", "lee", "--other-name", "Li")
    shown = run("person", "show", "李工", "--json").data
    assert shown["person"]["other_names"] == ["Li"]
    assert shown["customer"]["name"] == "华鼎数据"
    assert "总工" in run("person", "show", key[:8]).out
    refused = run("person", "edit", "华鼎", "李工", "--stance", "for", code=2)
    assert "--stance" in refused.err
    assert run("person", "edit", "华鼎", "李工", "--birthday", "13-40", code=2).out == ""


def test_a_customer_gets_another_name_and_keeps_the_earlier_one(run: Run) -> None:
    run("new", "CRM", "-c", "Acme")
    run("customer", "rename", "Acme", "Apex")
    (card,) = run("customer", "list", "--json").data["customers"]
    assert (card["name"], card["other_names"]) == ("Apex", ["Acme"])
    assert "'Acme' is the customer 'Apex'" in run("new", "ERP", "-c", "Acme").err
    run("customer", "edit", "Apex", "--remove-other-name", "acme", "--other-name", "AP")
    assert run("customer", "list", "--json").data["customers"][0]["other_names"] == ["AP"]
    run("customer", "undo", "AP")
    assert run("customer", "list", "--json").data["customers"][0]["other_names"] == ["Acme"]
    run("customer", "redo", "Apex")
    assert "Customer changed" in run("customer", "history", "Apex").out
    assert run("customer", "history", "Apex", "--json").data["kind"] == "history"
    run("customer", "note", "Apex", "moved", "house")
    assert [one["text"] for one in run("customer", "notes", "AP", "--json").data["notes"]] == [
        "moved house"
    ]
    assert run("customer", "edit", "Apex", code=2).out == ""


def test_a_new_deal_finds_its_customer(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("new", "CRM", "-c", "华鼎数据")
    assert "华鼎数据" in run("new", "ERP", "-c", "huadingshuju").err
    assert len(run("customer", "list", "--json").data["customers"]) == 1
    run("new", "A", "-c", "Globex Corporation")
    assert "much like it" in run("new", "B", "-c", "Globex Corporatoin").err
    assert len(run("customer", "list", "--json").data["customers"]) == 3
    monkeypatch.setattr(ask, "can_ask", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    told = run("new", "C", "-c", "Globex Corp")
    assert "Did you mean" in told.err
    assert len(run("customer", "list", "--json").data["customers"]) == 3


def test_a_deal_goes_to_another_customer_by_other_name(run: Run, two: tuple[str, str]) -> None:
    run("customer", "new", "Apex", "--other-name", "AX")
    run("edit", two[1], "--customer", "ax")
    assert run("show", two[1], "--json").data["deal"]["customer"] == "Apex"
    run("undo", two[1])
    assert run("show", two[1], "--json").data["deal"]["customer"] == "Acme Ltd"


def test_two_customers_are_made_one_and_two_again(run: Run, two: tuple[str, str]) -> None:
    other = run("new", "HR", "-c", "Acme GmbH").out.strip()
    (pair,) = run("customer", "same", "--json").data["pairs"]
    assert {pair["one"]["name"], pair["other"]["name"]} == {"Acme Ltd", "Acme GmbH"}
    assert pair["why"] == "legal-form"
    assert "only the legal form" in run("customer", "same").out
    assert "--yes" in run("customer", "merge", "Acme Ltd", "Acme GmbH", code=4).err
    run("customer", "merge", "Acme Ltd", "Acme GmbH", "--yes")
    (card,) = run("customer", "list", "--json").data["customers"]
    assert (card["name"], card["other_names"], card["deals"]) == ("Acme Ltd", ["Acme GmbH"], 3)
    assert run("show", other, "--json").data["deal"]["customer"] == "Acme Ltd"
    run("undo", other)  # from a deal, all of it
    assert {one["name"] for one in run("customer", "list", "--json").data["customers"]} == {
        "Acme Ltd",
        "Acme GmbH",
    }
    assert run("show", other, "--json").data["deal"]["customer"] == "Acme GmbH"
    run("customer", "different", "Acme Ltd", "Acme GmbH")
    assert run("customer", "same", "--json").data["pairs"] == []


def test_two_people_are_made_one_and_two_again(run: Run, two: tuple[str, str]) -> None:
    run("person", "add", two[1], "A. Lee", "--phone", "13800000000", "--title", "CEO")
    (pair,) = run("person", "same", two[0], "--json").data["pairs"]
    assert pair["likeness"] in {"same", "perhaps"}
    assert run("person", "merge", "acme", "Ann Lee", "A. Lee", code=4).out == ""
    run("person", "merge", "acme", "Ann Lee", "A. Lee", "--yes")
    ann = _people(run, two[1])["Ann Lee"]
    assert ann["title"] == "CEO"
    assert set(_people(run, "acme")) == {"Ann Lee"}
    run("customer", "undo", "acme")
    assert set(_people(run, two[1])) == {"A. Lee"}
    run("person", "different", "acme", "Ann Lee", "A. Lee")
    assert run("person", "same", "acme", "--json").data["pairs"] == []


def test_what_is_held_of_somebody_is_exported(run: Run, two: tuple[str, str]) -> None:
    run("note", two[0], "Ann Lee called")
    held = run("person", "export", "Ann", "--at", two[0]).data
    assert held["person"]["phone"] == "13800000000"
    assert [one["name"] for one in held["deals"]] == ["CRM"]
    assert "Ann Lee called" in json.dumps(held)
    assert run("person", "export", "nobody at all", code=3).out == ""


def test_somebody_is_erased_by_name_only(
    run: Run, two: tuple[str, str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 22, from the shell: the name has to be typed, and it says what went and which backup still has it."""
    backup = home.parent / "user" / "old.zip"
    backup.parent.mkdir(exist_ok=True)
    monkeypatch.setenv("HOME", str(backup.parent))
    run("backup", str(backup))
    assert "--yes 'Ann Lee'" in run("person", "erase", "Ann", code=4).err
    assert run("person", "erase", "Ann", "--yes", "Bob", code=2).out == ""
    assert "Ann Lee" in _people(run, two[0])
    monkeypatch.setattr(ask, "can_ask", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("ann\n"))
    assert "not the name" in run("person", "erase", "Ann", code=4).err
    monkeypatch.setattr(sys, "stdin", io.StringIO("Ann Lee\n"))
    told = run("person", "erase", "Ann").err
    assert "undo leads back no further" in told
    assert str(backup) in told
    assert _people(run, two[0]) == {}
    assert run("person", "show", "Ann", code=3).out == ""
    assert not [
        path for path in home.rglob("*") if path.is_file() and b"Ann Lee" in path.read_bytes()
    ]


def test_a_conflict_of_a_customer_is_settled_there(
    run: Run, two: tuple[str, str], home: Path
) -> None:
    (file,) = (home / "customers").glob("*.json")
    last = home / "state" / "saved" / "customers" / file.name
    before, saved = file.read_bytes(), last.read_bytes()
    run("customer", "edit", "acme", "--name", "Acme One")
    file.with_name(f"{file.stem} (1).json").write_bytes(file.read_bytes())
    file.write_bytes(before)
    last.write_bytes(saved)
    run("customer", "edit", "acme", "--name", "Acme Two")
    run("merge", "acme")
    (conflict,) = run("customer", "conflicts", "acme", "--json").data["conflicts"]
    assert conflict["path"] == ["name"]
    assert "salescoach customer settle" in run("customer", "conflicts", "acme").err
    run("customer", "settle", "acme", "1", "lost")
    assert run("customer", "conflicts", "acme", "--json").data["conflicts"] == []
    assert run("customer", "list", "--json").data["customers"][0]["name"] == conflict["lost"]
