"""A rep works a deal from the shell alone, from the first call to the signed contract."""

from __future__ import annotations

import io
import shlex
import sys

import pytest

from tests.build import uid
from tests.cli.conftest import Run


def test_a_rep_walks_a_deal_to_the_third_stage(run: Run, deal: str) -> None:
    """The gate says what is missing, takes the commands it names, and opens."""
    held = run("advance", deal, code=1)
    lines = [line.strip() for line in held.err.splitlines() if "salescoach answer" in line]
    assert len(lines) == 4
    for line in lines:
        run(*shlex.split(line)[1:])
    moved = run("advance", deal)
    assert "Closed 1 Customer analysis" in moved.err
    assert "Opened 2 Building trust" in moved.err

    held = run("advance", deal, code=1)
    assert f"salescoach contact add {deal[:8]}" in held.err
    run("contact", "add", deal, "李工", "--role", "designer")
    run("contact", "rung", deal, "李工", "认识", "--note", "he knows my name", "--on", "yesterday")
    held = run("advance", deal, code=1)
    assert "李工" in held.err
    command = next(line for line in held.err.splitlines() if "contact rung" in line)
    run(*shlex.split(command)[1:])
    assert "Opened 3 Uncovering needs" in run("advance", deal).err

    stages = run("show", deal, "--json").data["stages"]
    assert [stage["number"] for stage in stages if stage["opened"] and not stage["closed"]] == [
        2,
        3,
    ]


def test_going_on_regardless_keeps_the_reason(run: Run, deal: str) -> None:
    run("advance", deal, "--reason", "the customer asked for an offer")
    stage = run("show", deal, "--stage", "1", "--json").data["stages"][0]
    assert stage["exit"]["override"] == "the customer asked for an offer"
    assert "the customer asked for an offer" in run("history", deal).out


def test_a_marker_takes_evidence(run: Run, deal: str) -> None:
    run("evidence", deal, "2.exit", "--who", "张总", "--note", "on good terms")
    stage = run("show", deal, "--stage", "building-trust", "--json").data["stages"][0]
    assert stage["exit"]["met"]
    assert stage["exit"]["how"] == "evidence"
    assert [piece["who"] for piece in stage["exit"]["evidence"].values()] == ["张总"]


def _states(run: Run, deal: str) -> dict[str, str]:
    stages = run("show", deal, "--json").data["stages"]
    moves = (move for stage in stages for move in stage["moves"])
    return {item["number"]: item["state"] for move in moves for item in move["items"]}


def test_items_are_ticked_backed_confirmed_and_taken_back(run: Run, deal: str) -> None:
    ticked = run("check", deal, "1.1.1", "1.1.2")
    assert "Ticked 1.1.1" in ticked.err
    assert "a claim so far" in ticked.err
    piece = run("evidence", deal, "1.1.1", "--note", "王工说的", "--on", "yesterday").out.strip()
    run("na", deal, "1.1.4", "--reason", "one department only")
    states = _states(run, deal)
    assert [states[n] for n in ("1.1.1", "1.1.2", "1.1.4")] == [
        "evidenced",
        "claimed",
        "not_applicable",
    ]

    run("confirm", deal, "1.1.1", code=1)
    run("config", "set", "role", "coach")
    run("confirm", deal, "1.1.1")
    run("confirm", deal, "1.1.2", "--challenge", "who said so?")
    states = _states(run, deal)
    assert (states["1.1.1"], states["1.1.2"]) == ("confirmed", "open")

    run("evidence", deal, "1.1.1", "--remove", piece[:8])
    run("uncheck", deal, "1.1.1")
    assert _states(run, deal)["1.1.1"] == "open"


def test_undo_and_redo_are_one_step_each(run: Run, deal: str) -> None:
    run("check", deal, "1.1.1", "1.1.2")
    run("undo", deal)
    states = _states(run, deal)
    assert (states["1.1.1"], states["1.1.2"]) == ("open", "open")
    run("redo", deal)
    assert _states(run, deal)["1.1.2"] == "claimed"
    assert "nothing left to redo" in run("redo", deal, code=1).err


def test_actions_come_due_and_get_done(run: Run, deal: str) -> None:
    late = run("action", "add", deal, "send", "the", "offer", "--due", "yesterday").out.strip()
    run("action", "add", deal, "回访王工", "--due", "+3d", "--owner", "me", "--item", "1.1.1")
    assert "1 d overdue" in run("next").out
    assert [a["id"] for a in run("next", "--json").data["actions"]] == [late]
    assert [a["id"] for a in run("next", deal, "--json").data["actions"]] == [late]

    run("action", "snooze", deal, "send the offer", "+9d")
    assert run("next", "--json").data["actions"] == []
    run("action", "edit", deal, "2", "--text", "send the better offer")
    run("action", "done", deal, late[:8], "--outcome", "he will call back")
    run("action", "done", deal, late[:8], "--outcome", "something else", code=2)
    texts = [a["text"] for a in run("action", "list", deal, "--json").data["actions"]]
    assert texts == ["回访王工"]
    everything = run("action", "list", "--all", "--json").data["actions"]
    assert {a["text"]: a["outcome"] for a in everything} == {
        "回访王工": "",
        "send the better offer": "he will call back",
    }
    run("action", "done", deal, "回访王工", "--outcome", "x", "--evidence", code=2)
    run("action", "done", deal, "回访王工", "--outcome", "he has no time", "--against")
    assert _states(run, deal)["1.1.1"] == "contradicted"
    run("action", "reopen", deal, late)
    assert "send the better offer" in run("action", "list").out


def test_contacts_are_known_by_name(run: Run, deal: str) -> None:
    run("contact", "add", deal, "张总", "--level", "executive", "--role", "decision-maker")
    run("contact", "add", deal, "李工", "--function", "技术部门", "--reports-to", "张总", "--guide")
    run("contact", "style", deal, "李工", "analytical", "--on", "yesterday")
    run("contact", "rung", deal, "张", "信赖", "--note", "he spoke up for us", code=2)
    shown = ("--note", "he spoke up for us", "--reason", "a friend of old", "--who", "李工")
    run("contact", "rung", deal, "张", "信赖", *shown)
    run("contact", "edit", deal, "李工", "--title", "总工", "--role", "designer,user")
    people = {one["name"]: one for one in run("contact", "list", deal, "--json").data["contacts"]}
    assert (people["张总"]["rung"], people["张总"]["rung_standing"]) == ("confidence", "shown")
    (step,) = people["张总"]["rungs"].values()
    assert (step["who"], step["note"], step["reason"]) == (
        "李工",
        "he spoke up for us",
        "a friend of old",
    )
    assert people["李工"]["reports_to"] == people["张总"]["id"]
    assert people["李工"]["function"] == "technical"
    assert people["李工"]["roles"] == ["designer", "user"]
    assert people["李工"]["guide"]
    circle = run("contact", "edit", deal, "张总", "--reports-to", "李工", code=2)
    assert "李工" in circle.err
    run("contact", "left", deal, "李工")
    assert "left" in run("contact", "list", deal).out


def test_the_buying_phase_has_a_history(run: Run, deal: str) -> None:
    run("phase", deal, "need-found")
    run("phase", deal, "评估比较")
    data = run("phase", deal, "--json").data
    assert data["phase"] == "evaluation"
    assert [change["phase"] for change in data["history"]] == ["need-found", "evaluation"]
    assert "Evaluator" in run("phase", deal).out


def test_a_note_is_kept_and_found(run: Run, deal: str) -> None:
    run("contact", "add", deal, "王工")
    run("note", deal, "they", "want", "it", "by", "spring", "--contact", "王工", "--item", "3.1.1")
    assert "they want it by spring" in run("show", deal).out
    assert "they want it by spring" in run("history", deal).out
    assert run("show", deal, "--json").data["notes"][0]["text"] == "they want it by spring"


def test_a_note_comes_from_standard_input(
    run: Run, deal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("first line\nsecond line\n"))
    run("note", deal, "-")
    assert run("show", deal, "--json").data["notes"][0]["text"] == "first line\nsecond line"


def test_a_deal_ends_rests_and_comes_back(run: Run, deal: str) -> None:
    def status() -> str:
        return str(run("show", deal, "--json").data["deal"]["status"])

    run("lose", deal, code=2)
    run("lose", deal, "--reason", "price")
    assert status() == "lost"
    run("reopen", deal)
    assert status() == "open"
    run("nurture", deal, "--reason", "no budget", "--revisit", "+90d")
    assert status() == "nurture"
    run("win", deal, "--what", "合同")
    assert status() == "won"
    run("reopen", deal, "--reason", "the contract was withdrawn")
    run("archive", deal)
    assert run("list", "--json").data["deals"] == []
    assert len(run("list", "--archived", "--json").data["deals"]) == 1
    run("archive", deal, "--restore")
    assert len(run("list", "--json").data["deals"]) == 1


def test_a_closed_stage_is_opened_again(run: Run, deal: str) -> None:
    run("advance", deal, "--reason", "hurry")
    run("reopen", deal, "--stage", "1", "--reason", "it was not judged")
    stages = run("show", deal, "--json").data["stages"]
    assert stages[0]["closed"] is None


def test_a_deal_under_way_starts_at_its_stage(run: Run) -> None:
    run("new", "Storage", "--customer", "蓝海物流", "--stage", "4", "--currency", "usd")
    card = run("list", "--json").data["deals"][0]
    assert (card["stage"], card["stage_number"], card["currency"]) == ("presenting-value", 4, "USD")
    assert "already past this stage" in run("show", card["id"], "--stage", "3").out


def test_a_simple_deal_has_its_own_items(run: Run) -> None:
    deal = run("new", "Printers", "--customer", "Acme", "--kind", "simple").out.strip()
    refused = run("check", deal, "5.4.1", code=1)
    assert "does not apply to a simple deal" in refused.err


def test_the_facts_of_a_deal_can_be_changed(run: Run, deal: str) -> None:
    run(
        "edit",
        deal,
        "--name",
        "CRM 二期",
        "--amount",
        "1.5m",
        "--owner",
        "小周",
        "--close",
        "2027-03-01",
    )
    head = run("show", deal, "--json").data["deal"]
    assert (head["name"], head["owner"], head["close_on"]) == ("CRM 二期", "小周", "2027-03-01")
    assert float(head["amount"]) == 1_500_000
    run("edit", deal, "--amount", "", "--close", "")
    head = run("show", deal, "--json").data["deal"]
    assert (head["amount"], head["close_on"]) == (None, None)
    assert "Nothing to change" in run("edit", deal, code=2).err


def test_the_four_questions_are_shown_with_their_answers(run: Run, deal: str) -> None:
    run("answer", deal, "3", "unsure", "--note", "the rival is strong")
    shown = run("answer", deal).out
    assert "unsure" in shown
    assert "the rival is strong" in shown
    answers = run("answer", deal, "--json").data["answers"]
    assert [entry["answer"] for entry in answers] == [None, None, "unsure", None]
    assert "yes, no or unsure" in run("answer", deal, "1", code=2).err


def test_an_edit_says_which_items_of_the_data_it_opened(run: Run) -> None:
    run("new", "Backup", "--customer", "Globex")
    placed = ("--level", "executive", "--function", "technical", "--role", "user")
    assert "open again" not in run("contact", "add", "Backup", "Ann", *placed).err
    told = run("contact", "add", "Backup", "王工").err.splitlines()
    assert told[0].startswith("Added contact")
    assert "is open again: 王工 has no level, function, roles yet" in told[1]
    assert "王工 还没有级别" not in run("note", "Backup", "--lang", "zh", "hello").err


def test_what_was_so_already_is_not_told_as_done(run: Run) -> None:
    run("new", "Backup", "--customer", "Globex")
    assert "1.1.1 was not ticked: " in run("uncheck", "Backup", "1.1.1").err
    assert run("check", "Backup", "1.1.1", "1.1.1").err.count("Ticked 1.1.1") == 1
    told = run("check", "Backup", "1.1.1", "1.1.3").err
    assert "1.1.1 was ticked already: " in told
    assert "Ticked 1.1.1" not in told
    assert "Ticked 1.1.3" in told
    run("config", "set", "role", "coach")
    assert "Confirmed 1.1.1" in run("confirm", "Backup", "1.1.1").err
    assert "Was confirmed already: 1.1.1" in run("confirm", "Backup", "1.1.1").err
    assert "Unticked 1.1.1" in run("uncheck", "Backup", "1.1.1").err


def test_evidence_against_shows_as_that(run: Run, deal: str) -> None:
    run("evidence", deal, "1.1.1", "--note", "we have met twice")
    told = run("evidence", deal, "1.1.1", "--against", "--who", "韩雪", "--note", "韩雪不同意")
    assert "Added evidence against 1.1.1" in told.err
    assert _states(run, deal)["1.1.1"] == "contradicted"
    line = next(row for row in run("show", deal).out.splitlines() if " 1.1.1 " in row)
    assert "[x!]" in line
    assert "evidence against" in run("show", deal).out


def test_a_coach_judges_markers_rungs_and_what_data_meet(run: Run, deal: str) -> None:
    run("contact", "add", deal, "王工", "--rung", "acquaintance", "--rung-note", "he knows my name")
    run("evidence", deal, "2.exit", "--note", "they gave us the key")
    run("answer", deal, "1", "yes", "--note", "the budget is there")
    run("config", "set", "role", "coach")
    run("config", "set", "me", "Coach Chen")
    run("config", "set", "user_id", uid("Coach Chen"))
    told = run("confirm", deal, "2.exit", "--contact", "王工")
    assert "Confirmed 2.exit" in told.err
    assert "Confirmed 王工" in told.err
    assert "self-confirmed" not in told.err
    run("confirm", deal, "2.exit", "--contact", "王工", "--challenge", "who said so?")
    leave = run("show", deal, "--stage", "2", "--json").data["stages"][0]["exit"]
    assert (leave["met"], leave["how"], leave["challenge"]) == (
        False,
        "challenged",
        "who said so?",
    )
    (person,) = run("contact", "list", deal, "--json").data["contacts"]
    assert person["rung_standing"] == "challenged"
    assert "challenged" in run("contact", "list", deal).out
    run("check", deal, "1.1.3")
    own = run("confirm", deal, "1.1.3")
    assert "self-confirmed" in own.err
