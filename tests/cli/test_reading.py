"""What reading commands write: lists, filters, one deal, the playbook, in both languages and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from salescoach.text import cell_width
from salescoach.words import Words
from tests.cli.conftest import Run


@pytest.fixture
def three(run: Run) -> list[str]:
    """Make three deals and return their ids."""
    made = [
        run("new", "CRM 升级", "-c", "华鼎数据", "--amount", "120万", "--owner", "小周"),
        run("new", "Storage", "-c", "Blue Sea", "--stage", "3", "--amount", "300000"),
        run("new", "备份一体机", "-c", "中科云图", "--stage", "5", "--close", "+30d"),
    ]
    return [ran.out.strip() for ran in made]


def _names(run: Run, *options: str) -> list[str]:
    return [card["name"] for card in run("list", "--json", *options).data["deals"]]


def test_lists_are_filtered_sorted_and_searched(run: Run, three: list[str]) -> None:
    assert _names(run) == ["CRM 升级", "Storage", "备份一体机"]
    assert _names(run, "--sort", "amount")[0] == "CRM 升级"
    for stage in ("3", "uncovering-needs", "挖掘需求", "Uncovering needs"):
        assert _names(run, "--stage", stage) == ["Storage"]
    assert _names(run, "--owner", "小周") == ["CRM 升级"]
    assert _names(run, "huading") == ["CRM 升级"]
    run("win", three[2], "--what", "PO 7", "--amount", "5000")
    assert _names(run, "--status", "won") == ["备份一体机"]
    assert len(_names(run, "--status", "all")) == 3
    assert _names(run, "--status", "lost") == []
    assert "Nearest" in run("list", "--stage", "uncovering", code=3).err


def test_a_table_off_a_terminal_is_aligned_in_cells(run: Run, three: list[str]) -> None:
    lines = run("list").out.splitlines()
    assert len(lines) == 4
    places = set()
    for line, customer in zip(lines[1:], ("华鼎数据", "Blue Sea", "中科云图"), strict=True):
        places.add(cell_width(line[: line.index(customer)]))
    assert len(places) == 1
    assert not any(line != line.rstrip() for line in lines)


@pytest.mark.parametrize("argv", [
    ("list",), ("show", "Storage"), ("show", "Storage", "--stage", "3"), ("next",), ("next", "Storage"),
    ("history", "Storage"), ("playbook", "show"), ("playbook", "show", "--stage", "3"),
    ("playbook", "path"), ("paths",), ("config", "show"), ("config", "path"), ("doctor",),
    ("action", "list"), ("contact", "list", "Storage"), ("phase", "Storage"), ("answer", "Storage"),
    ("conflicts", "Storage"), ("merge", "--dry-run"),
])  # fmt: skip
def test_every_reading_command_has_a_versioned_json(
    run: Run, three: list[str], argv: tuple[str, ...]
) -> None:
    english, chinese = run("--lang", "en", *argv, "--json"), run("--lang", "zh", *argv, "--json")
    for ran in (english, chinese):
        assert ran.data["version"] == 1
        assert ran.data["kind"]
        assert ran.err == ""
    assert english.data.keys() == chinese.data.keys()
    plain = run(*argv)
    assert "\x1b" not in plain.out


def test_a_deal_is_shown_in_both_languages(run: Run, three: list[str]) -> None:
    english = run("show", "Storage", "--lang", "en").out
    chinese = run("--lang", "zh", "show", "Storage").out
    assert "3 Uncovering needs" in english
    assert "3 挖掘需求" in chinese
    for text in (english, chinese):
        assert "Blue Sea" in text
        assert "CNY 300,000" in text


def test_a_stage_is_shown_with_guidance_and_evidence(run: Run, three: list[str]) -> None:
    run("evidence", "Storage", "3.1.1", "--who", "王工", "--note", "growth first")
    shown = run("show", "Storage", "--stage", "3")
    assert "[xe] 3.1.1" in shown.out
    assert "王工 · growth first" in shown.out
    for part in ("How", "Pitfalls", "The coach asks", "3.4.1"):
        assert part in shown.out
    assert "[x ] claimed" in shown.err


def test_a_deal_is_meant_by_id_prefix_or_name(run: Run, three: list[str]) -> None:
    for asked in (three[1], three[1][:8], "Storage", "storage", "Blue Sea", "blue sea storage"):
        assert run("show", asked, "--json").data["deal"]["id"] == three[1]
    run("new", "Storage", "-c", "Red Sea")
    both = run("show", "Storage", code=3)
    assert "Blue Sea" in both.err
    assert "Red Sea" in both.err


def test_history_can_be_cut(run: Run, three: list[str]) -> None:
    run("note", "Storage", "one")
    run("note", "Storage", "two")
    events = run("history", "Storage", "--limit", "1", "--json").data["events"]
    assert [event["what"] for event in events] == ["noted"]
    assert "two" in events[0]["text"]
    assert run("history", "Storage", "--limit", "0").out == ""


def test_the_playbook_as_data_has_all_of_it(run: Run) -> None:
    stages = run("playbook", "show", "--json").data["playbook"]["stages"]
    assert len(stages) == 6
    assert sum(len(stage["moves"]) for stage in stages) == 24
    assert [stage["number"] for stage in stages] == ["1", "2", "3", "4", "5", "6"]
    only = run("playbook", "show", "--stage", "赢取承诺", "--json").data["stage"]
    assert only["key"] == "winning-commitment"


def test_the_playbook_as_text_names_every_move(run: Run) -> None:
    text = run("--lang", "zh", "playbook", "show").out
    for stage in range(1, 7):
        for move in range(1, 5):
            assert f"{stage}.{move} " in text


def test_next_says_that_there_is_none_only_where_there_is_none(run: Run, three: list[str]) -> None:
    none = Words("en")("cli.no-step")
    assert none not in run("next", three[1]).out
    run("lose", three[1], "--reason", "price")
    assert run("next", three[1]).out.count(none) == 1


def test_next_over_all_deals_gives_each_open_one_a_step(run: Run, three: list[str]) -> None:
    run("nurture", three[0])
    steps = run("next", "--json").data["next"]
    assert {step["deal"] for step in steps} == set(three[1:])
    assert all(step["text"] and step["why"] for step in steps)


def test_next_with_nothing_to_do_says_so(run: Run) -> None:
    assert "Nothing to do" in run("next").err


def test_the_one_next_step_comes_with_its_reason(run: Run, three: list[str]) -> None:
    step = run("next", "Storage", "--json").data["next"]
    shown = run("next", "Storage").out
    assert step["text"] in shown
    assert step["why"] in shown


def test_a_hundred_deals_are_listed_a_line_each(run: Run) -> None:
    for number in range(100):
        run("new", f"Deal {number:03}", "-c", "Acme")
    text = run("list", "--json").out
    assert len(json.loads(text)["deals"]) == 100
    assert len(run("list").out.splitlines()) == 101


def test_next_tells_the_first_of_much_work_and_how_to_see_all(run: Run) -> None:
    for number in range(32):
        run("new", f"Deal {number}", "-c", "Crowd")
    short, whole = run("next"), run("next", "--all")
    assert "salescoach next --all" in short.err
    assert "--all" not in whole.err
    assert short.out.count("  Deal ") == 30
    assert whole.out.count("  Deal ") == 32
    assert len(run("next", "--json").data["next"]) == 32


def test_a_deal_damaged_in_place_is_told_by_the_list(run: Run, home: Path) -> None:
    deal = run("new", "CRM", "-c", "Acme").out.strip()
    run("list")
    path = home / "deals" / f"{deal}.json"
    with path.open("r+b") as file:
        file.truncate(100)
    assert "Deals that cannot be read: 1" in run("list").err


def test_a_deal_with_advice_is_not_said_to_have_none(run: Run, deal: str) -> None:
    told = run("next", deal, "--lang", "zh").out
    assert "下一步: " in told
    assert "没有要紧的下一步" not in told
    run("lose", deal, "--reason", "价格")
    assert run("next", deal, "--lang", "zh").out.strip() == "没有要紧的下一步。"


def test_an_empty_list_says_where_the_other_deals_are(run: Run, deal: str) -> None:
    run("win", deal, "--what", "PO 7", "--amount", "5000")
    told = run("list", "--lang", "zh").err
    assert "salescoach new" not in told
    assert "--status all" in told


def test_key_contacts_are_told_whether_marked_or_by_their_role(run: Run, deal: str) -> None:
    for name, options in {
        "王总": ("--key",),
        "赵晓梅": ("--role", "evaluator"),
        "刘敏": (),
    }.items():
        run("contact", "add", deal, name, *options)
    rows = {
        line.split()[1]: line
        for line in run("contact", "list", deal, "--lang", "zh").out.splitlines()
    }
    assert [name for name, row in rows.items() if "关键客户" in row] == ["王总", "赵晓梅"]
    people = run("contact", "list", deal, "--json").data["contacts"]
    assert {one["name"]: (one["key"], one["is_key"]) for one in people} == {
        "王总": (True, True),
        "赵晓梅": (False, True),
        "刘敏": (False, False),
    }


def test_a_reason_without_a_name_has_no_empty_brackets(run: Run, deal: str) -> None:
    run("advance", deal, "--reason", "催得急")
    told = run("show", deal, "--stage", "1", "--lang", "zh").out
    assert "未满足仍推进：催得急\n" in told


def test_deals_and_actions_for_which_nobody_is_named_are_mine(run: Run) -> None:
    run("config", "set", "me", "Rita")
    mine = run("new", "Scanner", "-c", "Acme").out.strip()
    run("new", "Printer", "-c", "Acme", "--owner", "Tom")
    assert _names(run, "--owner", "Rita") == ["Scanner"]
    assert _names(run, "--owner", "Tom") == ["Printer"]
    for options in ((), ("--owner", "Tom"), ("--owner", "")):
        run("action", "add", mine, "call", *options)
    told = run("action", "list", mine, "--json").data["actions"]
    assert [one["owner"] for one in told] == ["Rita", "Tom", ""]
    run("edit", mine, "--name", "Scanners", "--owner", "")
    assert run("show", mine, "--json").data["deal"]["owner"] == ""
