"""The index: what lists show, how it notices changes, and that it can be lost at any moment."""

from __future__ import annotations

import errno
import gc
import json
import os
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salescoach.deal import actions, identity
from salescoach.deal.models import Deal
from salescoach.paths import Paths
from salescoach.store.care.repair import set_aside_document
from salescoach.store.documents import DocumentStore
from salescoach.store.errors import Unreadable
from salescoach.store.files.atomic import Save, Sign, mtime
from salescoach.store.index import connection
from salescoach.store.index import refresh as refresh_module
from salescoach.store.index.cache import Index
from salescoach.store.index.refresh import Refreshed
from salescoach.words import Words
from salescoach.workspace.kinds import DEALS
from salescoach.workspace.lists.cards import LINE, Card
from salescoach.workspace.lists.query import SORTS, Where
from tests import lists
from tests.build import NOW, TODAY, make_deal, stamp, uid, with_contact
from tests.kinds import deal_store
from tests.lists import behind, deals, made, put, work

from .doing import renamed

SUMMARY = {
    "stage": "uncovering-needs",
    "stage_number": 3,
    "stage_since": "2026-11-01",
    "moves_done": 14,
    "moves_total": 24,
    "follow_up": True,
    "stalled_on": "2026-12-01",
    "promised": [
        ("", None),
        (
            "2026-11-20",
            {
                "rule": "overdue-action",
                "way": "",
                "again": "",
                "params": {"text": "{x}", "due": "2026-11-19", "move": "m", "move.zh": "2.3 信赖"},
                "counts": {"days": "2026-11-19"},
            },
        ),
    ],
    "step": [
        (
            "",
            {
                "rule": "gate-open",
                "way": "",
                "again": "",
                "params": {"stage": "s", "stage.zh": "客户分析", "stage.en": "Analysis"},
                "counts": {},
            },
        ),
        ("2026-12-01", None),
    ],
    "told": {"en": {"phase": "design", "role": "designer"}},
}
STAGES = [("customer-analysis", "客户分析", "Customer analysis")]


@pytest.fixture
def index(paths: Paths) -> Index:
    return made(paths.index_file)


def bring(index: Index, store: DocumentStore[Deal], mark: str = "1", **more: Any) -> Refreshed:
    """Refresh the index."""
    return lists.bring(
        index, store, mark, lambda deal: SUMMARY, facts=lambda: {"stages": STAGES}, **more
    )


def save(
    store: DocumentStore[Deal], label: str, *operations: Callable[[Deal], Deal], **fields: Any
) -> Deal:
    """Save a deal, changed by operations before it is."""
    deal = make_deal(label=label, **fields)
    for operation in operations:
        deal = operation(deal)
    return store.create(deal)


def acting(text: str, due: date | None = None) -> Callable[[Deal], Deal]:
    """Return the operation that adds an action."""
    return lambda deal: actions.add(deal, stamp(f"{deal.id} {text}"), text=text, due=due)


def names(cards: list[Card]) -> list[str]:
    return [card.name for card in cards]


def test_a_card_tells_what_a_list_shows(store: DocumentStore[Deal], index: Index) -> None:
    """Everything in a row comes from the deal and the coach's summary."""
    tomorrow = TODAY + timedelta(days=1)
    deal = save(
        store,
        "a",
        acting("later", TODAY + timedelta(days=9)),
        acting("soon", tomorrow),
        acting("undated"),
        amount=Decimal("1200000.50"),
        close_on=TODAY,
        owner="小周",
    )
    bring(index, store)
    card = deals(index).get(deal.id)
    assert card is not None
    assert card._asdict() == {
        "id": deal.id,
        "rev": 1,
        "name": "CRM 升级",
        "customer": "华鼎数据",
        "customer_id": deal.customer_id,
        "owner": "小周",
        "kind": "complex",
        "status": "open",
        "archived": False,
        "amount": "1200000.50",
        "currency": "CNY",
        "close_on": "2026-11-23",
        "stage": "uncovering-needs",
        "stage_number": 3,
        "stage_since": "2026-11-01",
        "moves_done": 14,
        "moves_total": 24,
        "stage_moves_done": 0,
        "stage_moves_total": 0,
        "items_done": 0,
        "items_total": 0,
        "buying_phase": None,
        "next_id": next(key for key, action in deal.actions.items() if action.text == "soon"),
        "next_text": "soon",
        "next_due": "2026-11-24",
        "next_owner": "",
        "updated_at": NOW.isoformat(),
        "revisit_on": None,
        "status_reason": "",
        "signed_what": "",
        "signed_on": None,
        "signed_amount": None,
        "signed_currency": "",
        "follow_up": True,
        "stalled_on": "2026-12-01",
        "conflicts": 0,
        "promised": json.dumps(SUMMARY["promised"], ensure_ascii=False, separators=(",", ":")),
        "step": json.dumps(SUMMARY["step"], ensure_ascii=False, separators=(",", ":")),
        "told": json.dumps(SUMMARY["told"], ensure_ascii=False, separators=(",", ":")),
        "problem": "",
    }
    zh, en = Words("zh"), Words("en")
    assert card.promised_on(TODAY, zh) == (
        "overdue-action",
        "“{x}”逾期 4 天：今天做掉，或者和对方重新约个日子",
        "约的是 2026-11-19。说到做到才有信赖，见 2.3 信赖。",
    )
    assert card.promised_on(date(2026, 11, 19), zh) is None
    step = card.step_on(TODAY, en)
    assert step is not None
    assert (step.rule, step.text) == ("gate-open", "Open Analysis")
    assert card.step_on(date(2026, 12, 1), en) is None
    assert (card.phase_name("en"), card.key_role_name("en"), card.phase_name("zh")) == (
        "design",
        "designer",
        "",
    )
    assert deals(index).get(uid("nobody")) is None
    assert deals(index).get("\udcff") is None
    brief = deals(index).cards(brief=True)[0]
    assert (brief.step_on(TODAY, zh), brief.promised, brief.archived) == (None, "", False)


def test_lists_are_filtered_sorted_and_paged(store: DocumentStore[Deal], index: Index) -> None:
    """Every order and filter of a list, a page at a time."""
    save(store, "a", acting("x", TODAY), name="乙", customer="丙", amount=Decimal(5), owner="A")
    save(store, "b", name="甲", customer="丁", amount=Decimal(1000), close_on=TODAY)
    save(store, "c", acting("x"), name="Acme", customer="甲", amount=Decimal(70))
    save(store, "d", lambda deal: identity.lose(deal, stamp("lose"), "price"), name="lost")
    save(store, "e", lambda deal: identity.archive(deal, stamp("archive")), name="gone")
    bring(index, store)
    live = Where(status=("open",), archived=False)
    assert names(deals(index).cards(live, sort="next")) == ["乙", "Acme", "甲"]
    assert names(deals(index).cards(live, sort="name")) == ["Acme", "甲", "乙"]
    assert names(deals(index).cards(live, sort="amount")) == ["甲", "Acme", "乙"]
    assert names(deals(index).cards(live, sort="close"))[0] == "甲"
    assert names(deals(index).cards(live, sort="customer")) == ["乙", "甲", "Acme"]
    for sort in SORTS:
        pages = [deals(index).cards(live, sort=sort, limit=2, offset=at) for at in (0, 2)]
        assert [len(page) for page in pages] == [2, 1]
        assert len({card.id for page in pages for card in page}) == 3
    assert deals(index).count(live) == 3
    assert deals(index).count() == 5
    assert names(deals(index).cards(Where(owner="A"))) == ["乙"]
    assert names(deals(index).cards(Where(archived=True))) == ["gone"]
    assert deals(index).count(Where(stage="uncovering-needs", problem=False)) == 5
    assert names(deals(index).idle()) == ["甲"]
    lost = deals(index).cards(Where(status=("won", "lost")))[0]
    assert (lost.status, lost.status_reason) == ("lost", "price")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("华鼎", True),
        ("huading", True),
        ("hdsj", True),
        ("ＣＲＭ", True),
        ("crm 华鼎", True),
        ("li'gong", False),
        ("ligong", True),
        ("lg", True),
        ("小周", True),
        ("xiaozhou", True),
        ("crmsj", True),
        ("zhongqing", False),
        ("华鼎 missing", False),
        ("%", False),
        ("", True),
    ],
)
def test_a_deal_is_found_by_what_people_type(
    store: DocumentStore[Deal], index: Index, typed: str, found: bool
) -> None:
    """Names, customers, contacts and owners, in characters, pinyin and initials; every word must be found."""
    save(store, "a", lambda deal: with_contact(deal, "李工"), owner="小周")
    bring(index, store)
    assert bool(deals(index).search(typed)) == found


def test_every_reading_of_a_character_finds_it(store: DocumentStore[Deal], index: Index) -> None:
    """重庆 is Chongqing, but who types zhong is not told that there is nothing."""
    save(store, "a", lambda deal: with_contact(deal, "单玉梅", title="行长助理"), name="重庆轨道")
    bring(index, store)
    for typed in ("chongqing", "cqgd", "zqgd", "chongqgd", "shan", "sym", "danyum", "CQ sym"):
        assert names(deals(index).search(typed)) == ["重庆轨道"], typed
    assert not deals(index).search("shenyumei")
    assert not deals(index).search("hangzhang")  # a title finds people, not deals


def test_what_another_process_indexed_is_found_by_pinyin_too(
    store: DocumentStore[Deal], paths: Paths
) -> None:
    """The readings that it looked up are read, also where this one knew some already."""
    save(store, "a", name="华鼎")
    one, other = made(paths.index_file), made(paths.index_file)
    bring(one, store)
    assert names(deals(other).search("hd")) == ["华鼎"]
    save(store, "b", name="重庆")
    bring(one, store)
    assert names(deals(other).search("cq")) == ["重庆"]


def test_the_best_match_by_pinyin_comes_first(store: DocumentStore[Deal], index: Index) -> None:
    for label, name in (("a", "大华鼎"), ("b", "华鼎"), ("c", "华鼎数据"), ("d", "其他")):
        owner = "华鼎人" if label == "d" else ""
        save(store, label, name=name, customer="x", owner=owner)
    bring(index, store)
    for typed in ("hd", "huading", "hua ding"):
        assert names(deals(index).search(typed)) == ["华鼎", "华鼎数据", "其他", "大华鼎"], typed


def test_what_ranks_as_name_or_customer_is_that(store: DocumentStore[Deal], index: Index) -> None:
    """An owner does not count as the customer where the customer is called as the deal is, or there is none."""
    save(store, "a", name="same", customer="same", owner="alpha")
    save(store, "b", name="alphabet", customer="x")
    save(store, "c", name="z", customer="alpha")
    bring(index, store)
    assert names(deals(index).search("alpha")) == ["z", "alphabet", "same"]


def test_the_best_match_comes_first(store: DocumentStore[Deal], index: Index) -> None:
    """The whole name, then its beginning, then the beginning of anything, then anywhere."""
    for label, name in (("a", "A big CRM"), ("b", "crm"), ("c", "CRM two"), ("d", "other")):
        save(
            store,
            label,
            name=name,
            customer="x" if label != "d" else "y",
            owner="crm man" if label == "d" else "",
        )
    bring(index, store)
    assert names(deals(index).search("crm")) == ["crm", "CRM two", "other", "A big CRM"]
    assert names(deals(index).search("crm", 1)) == ["crm"]
    assert names(deals(index).cards(Where(text="crm", archived=False), limit=2, offset=2)) == [
        "other",
        "A big CRM",
    ]


def test_todays_work_over_all_deals(store: DocumentStore[Deal], index: Index) -> None:
    """Open actions with a date of open, nurtured and won deals, earliest first; the counts fit them."""
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    save(store, "a", acting("late", yesterday), acting("now", TODAY), acting("next", tomorrow))
    save(store, "b", acting("care", TODAY), lambda deal: identity.nurture(deal, stamp("n")))
    save(store, "c", acting("collect", TODAY), lambda deal: identity.win(deal, stamp("w"), "x"))
    save(store, "f", acting("no", yesterday), lambda deal: identity.lose(deal, stamp("l"), "price"))
    save(store, "d", acting("no", yesterday), lambda deal: identity.archive(deal, stamp("h")))
    done = save(store, "e", acting("did", yesterday))
    store.edit(done.id, lambda deal: actions.done(deal, next(iter(deal.actions)), stamp("done")))
    bring(index, store)
    due = work(index).due(TODAY.isoformat())
    assert [one.due for one in due] == ["2026-11-22", *["2026-11-23"] * 3]
    assert {one.text for one in due} == {"late", "now", "care", "collect"}
    assert (due[0].document, due[0].name, due[0].stage_number, due[0].moves_done) == (
        uid("a"),
        "CRM 升级",
        3,
        14,
    )
    assert len(work(index).due(tomorrow.isoformat())) == 5
    assert len(work(index).due(tomorrow.isoformat(), 2)) == 2
    counts = work(index).counts(TODAY.isoformat())
    assert counts._asdict() == {
        "overdue": 1,
        "today": 3,
        "revisit": 0,
        "stalled": 0,
        "idle": 1,
        "open": 2,
        "nurture": 1,
        "won": 1,
        "lost": 1,
        "archived": 1,
        "problems": 0,
        "conflicts": 0,
    }
    assert counts.closed == 2
    assert work(index).counts("2026-12-01").stalled == 2
    assert deals(index).count(Where(archived=False, stalled_on="2026-12-01")) == 2
    assert deals(index).count(Where(archived=False, stalled_on="2026-11-30")) == 0


def test_a_list_as_json_is_the_cards_as_json(store: DocumentStore[Deal], index: Index) -> None:
    """A line a deal, filtered, sorted and found as the cards are."""
    save(store, "a", acting("x", TODAY), name='"quoted" \\ 引号', amount=Decimal("1.50"))
    save(store, "b", lambda deal: identity.archive(deal, stamp("archive")), name="gone")
    store.path(uid("bad")).write_bytes(b"{")
    bring(index, store)
    wheres = (Where(), Where(archived=True), Where(text="yinhao"), Where(problem=False))
    for where in wheres:
        cards = deals(index).cards(where, sort="name")
        lines = [json.loads(line) for line in deals(index).lines(where, sort="name")]
        assert lines == [{name: getattr(card, name) for name in LINE} for card in cards]
    first = json.loads(deals(index).lines(sort="name")[0])
    assert (first["name"], first["amount"]) == ('"quoted" \\ 引号', "1.50")
    assert (first["archived"], first["next_due"]) == (False, TODAY.isoformat())
    index.remove(DEALS.name, [uid("a")])
    assert len(deals(index).lines()) == 2


def test_it_notices_new_changed_and_vanished_files(
    paths: Paths, store: DocumentStore[Deal], index: Index
) -> None:
    """One stat tells of files that came, went or were replaced; the sweep also finds one written in place."""
    deal = save(store, "a")
    other = save(store, "b")
    assert behind(index, store, "1")
    assert bring(index, store) == Refreshed(changed=2, gone=0, total=2, complete=True)
    assert not behind(index, store, "1")
    assert deals(index).stages() == STAGES
    assert bring(index, store).changed == 0

    store.edit(deal.id, renamed("replaced"))
    assert behind(index, store, "1")
    assert bring(index, store).changed == 1
    assert sorted(names(deals(index).cards())) == ["CRM 升级", "replaced"]

    path = store.path(deal.id)
    path.write_text(path.read_text("utf-8").replace("replaced", "in place"), "utf-8")
    assert not behind(index, store, "1")
    assert bring(index, store).changed == 1
    assert "in place" in names(deals(index).cards())

    store.path(other.id).unlink()
    assert behind(index, store, "1")
    assert bring(index, store) == Refreshed(changed=0, gone=1, total=1, complete=True)
    assert names(deals(index).cards()) == ["in place"]
    assert deals(index).names() == [(deal.id, "in place", "华鼎数据")]


def test_another_playbook_or_program_makes_every_row_anew(
    store: DocumentStore[Deal], index: Index, paths: Paths
) -> None:
    """What the coach said rests on the playbook."""
    save(store, "a")
    bring(index, store)
    assert behind(index, store, "2")
    assert bring(index, store, "2").changed == 1
    assert not behind(index, store, "2")


def test_a_saved_deal_is_in_step_at_once(paths: Paths, index: Index) -> None:
    """Saves of one's own need no sweep, unless somebody else changed the folder too."""

    def keep(deal: Deal, saved: Save) -> None:
        put(index, deal, saved, SUMMARY)

    store = deal_store(paths, keep)
    quiet = deal_store(paths)
    deal = save(quiet, "a")
    bring(index, quiet)
    store.edit(deal.id, renamed("mine"))
    assert names(deals(index).cards()) == ["mine"]
    assert not behind(index, store, "1")
    assert bring(index, store).changed == 0

    os.utime(paths.deals, ns=(0, mtime(paths.deals) + 10**9))
    quiet.create(make_deal(label="b"))
    store.edit(deal.id, renamed("again"))
    assert behind(index, store, "1")


def test_a_row_that_comes_late_replaces_no_newer_one(
    store: DocumentStore[Deal], index: Index
) -> None:
    """Two processes that save one deal may write their rows in either order."""
    saves: list[tuple[Deal, Save]] = []
    telling = deal_store(store.paths, lambda deal, saved: saves.append((deal, saved)))
    deal = save(telling, "a")
    telling.edit(deal.id, renamed("second"))
    for old, saved in reversed(saves):
        put(index, old, saved, SUMMARY)
    assert names(deals(index).cards()) == ["second"]


def test_a_failing_index_fails_no_save(paths: Paths) -> None:
    """The deal is on the disk, whatever becomes of its row."""

    def trip(deal: Deal, saved: Save) -> None:
        raise RuntimeError("index")

    store = deal_store(paths, trip)
    assert store.create(make_deal()).rev == 1
    assert store.edit(uid("deal"), renamed("new")).rev == 2


def test_damaged_deals_have_a_row_with_the_reason(store: DocumentStore[Deal], index: Index) -> None:
    """They are counted and told, are no open deals, and are not read again until they change."""
    save(store, "a")
    path = store.path(uid("bad"))
    path.write_bytes(b"{")
    bring(index, store)
    assert deals(index).problems() == {uid("bad"): "damaged-not-json"}
    card = deals(index).get(uid("bad"))
    assert card is not None
    assert (card.name, card.status, card.problem) == (path.name, "", "damaged-not-json")
    assert names(deals(index).cards(Where(problem=True))) == [path.name]
    assert work(index).counts("2026-01-01").problems == 1
    assert bring(index, store).changed == 0
    os.utime(path, (1, 1))
    set_aside_document(store, path.stem)
    assert bring(index, store).gone == 1
    assert deals(index).problems() == {}


def test_a_deal_that_the_coach_cannot_judge_is_listed(
    store: DocumentStore[Deal], index: Index
) -> None:
    """A summary that fails leaves a row without one."""
    save(store, "a")

    def trip(deal: Deal) -> dict[str, Any]:
        raise LookupError("stage")

    lists.bring(index, store, summarise=trip)
    card = deals(index).cards()[0]
    assert (card.name, card.stage, card.moves_total) == ("CRM 升级", "", 0)
    assert card.step_on(TODAY, Words("zh")) is None


def test_a_file_that_could_not_be_read_is_read_again_the_next_time(
    store: DocumentStore[Deal], index: Index, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails for a moment leaves no deal listed as broken."""
    deal = save(store, "a")
    with monkeypatch.context() as patch:
        patch.setattr(
            DocumentStore, "read_signed", lambda self, key: (_ for _ in ()).throw(lost(paths, key))
        )
        bring(index, store)
    assert deals(index).problems() == {deal.id: "unreadable"}
    assert behind(index, store, "1")
    bring(index, store)
    assert deals(index).problems() == {}
    assert names(deals(index).cards()) == [deal.name]


def lost(paths: Paths, key: str) -> Unreadable:
    """Return what a read that fails raises."""
    return Unreadable(paths.deals / f"{key}.json", OSError(errno.EIO, "EIO"))


@pytest.mark.parametrize("known", [True, False])
def test_files_that_cannot_be_looked_at_leave_the_index_behind(
    store: DocumentStore[Deal],
    index: Index,
    paths: Paths,
    monkeypatch: pytest.MonkeyPatch,
    *,
    known: bool,
) -> None:
    """Rows stay as they were, and the next look tries again; where nothing at all is known it is told."""
    first, second = save(store, "a"), save(store, "b")
    if known:
        bring(index, store)
        store.edit(second.id, renamed("new"))
    real = os.lstat

    def lstat(path: Any, *args: Any, **more: Any) -> os.stat_result:
        if str(path).endswith(".json") and (not known or first.id in str(path)):
            raise OSError(errno.EIO, "EIO", str(path))
        return real(path, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(os, "lstat", lstat)
        if known:
            assert not bring(index, store).complete
            assert sorted(names(deals(index).cards())) == sorted([first.name, "new"])
        else:
            with pytest.raises(Unreadable):
                bring(index, store)
    assert behind(index, store, "1")
    assert bring(index, store).complete
    assert deals(index).count() == 2
    assert not behind(index, store, "1")


def test_a_long_refresh_tells_how_far_it_is_and_can_be_cancelled(
    store: DocumentStore[Deal], index: Index, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read before the cancelling is kept; the rest follows the next time; the collector rests meanwhile."""
    monkeypatch.setattr(refresh_module, "_BATCH", 2)
    for number in range(5):
        save(store, f"deal {number}")
    seen: list[tuple[int, int]] = []
    asked: list[bool] = []

    def cancelled() -> bool:
        asked.append(gc.isenabled())
        return len(asked) > 3

    first = bring(
        index, store, progress=lambda done, total: seen.append((done, total)), cancelled=cancelled
    )
    assert first == Refreshed(changed=5, gone=0, total=5, complete=False)
    assert seen == [(2, 5)]
    assert asked == [False] * 4
    assert gc.isenabled()
    assert deals(index).count() == 3
    assert behind(index, store, "1")
    assert bring(index, store, progress=lambda done, total: seen.append((done, total))).changed == 2
    assert seen[1:] == [(2, 2)]
    assert deals(index).count() == 5


def test_the_collector_stays_off_where_it_was(store: DocumentStore[Deal], index: Index) -> None:
    """The app turns it off during its start; a refresh does not turn it on."""
    gc.disable()
    try:
        bring(index, store)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_deal_that_vanishes_while_it_is_read_is_no_deal(
    store: DocumentStore[Deal], index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sync service may take a file away at any moment."""
    deal = save(store, "a")
    save(store, "b", name="stays")
    real = DocumentStore.read_signed

    def vanish(self: DocumentStore[Deal], key: str) -> Any:
        if key == deal.id:
            store.path(key).unlink()
        return real(self, key)

    monkeypatch.setattr(DocumentStore, "read_signed", vanish)
    bring(index, store)
    assert names(deals(index).cards()) == ["stays"]


def test_a_folder_that_cannot_be_listed_is_told(
    store: DocumentStore[Deal], index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder without permission is an error with its place, and no empty store."""

    def refuse(*args: object) -> Any:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    save(store, "a")
    monkeypatch.setattr(os, "scandir", refuse)
    monkeypatch.setattr(os, "listdir", refuse)
    with pytest.raises(Unreadable):
        bring(index, store)


@pytest.mark.parametrize(
    "data", [b"not a database at all, " * 100, b"", b"SQLite format 3\0" + b"\0" * 4096]
)
def test_an_index_that_is_none_is_made_anew(
    paths: Paths, store: DocumentStore[Deal], data: bytes
) -> None:
    """A corrupt cache costs time, nothing else."""
    save(store, "a")
    paths.cache.mkdir(parents=True, exist_ok=True)
    paths.index_file.write_bytes(data)
    index = made(paths.index_file)
    assert deals(index).cards() == []
    bring(index, store)
    index.close()
    again = made(paths.index_file)
    assert names(deals(again).cards()) == ["CRM 升级"]
    assert again.lasting


def test_an_index_that_breaks_while_in_use_is_made_anew(
    paths: Paths, store: DocumentStore[Deal], index: Index
) -> None:
    """Pages overwritten behind its back: the next answers are empty, and a refresh makes them right again."""
    for number in range(60):
        save(store, f"deal {number}")
    bring(index, store)
    index.close()
    with paths.index_file.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(paths.index_file.stat().st_size - 4096))
    assert deals(index).search("crm") == []
    assert behind(index, store, "1")
    bring(index, store)
    assert deals(index).count() == 60
    assert index.lasting


def test_an_index_of_another_version_is_made_anew(
    paths: Paths, store: DocumentStore[Deal], index: Index
) -> None:
    """A newer or older program's tables are not guessed at."""
    save(store, "a")
    bring(index, store)
    index.close()
    with sqlite3.connect(paths.index_file) as connection:
        connection.execute("PRAGMA user_version = 77")
    connection.close()
    assert deals(index).count() == 0
    bring(index, store)
    assert deals(index).count() == 1


def test_an_index_deleted_at_any_moment_is_made_anew(
    paths: Paths, store: DocumentStore[Deal], index: Index
) -> None:
    """It never holds the only copy of anything."""
    save(store, "a")
    bring(index, store)
    assert connection.discard(paths.index_file)
    assert deals(index).count() == 1
    fresh = made(paths.index_file)
    assert deals(fresh).count() == 0
    bring(fresh, store)
    assert deals(fresh).count() == 1


def test_where_there_can_be_no_cache_the_index_is_in_memory(
    paths: Paths, store: DocumentStore[Deal]
) -> None:
    """A file where the folder should be: everything works, for as long as the program runs."""
    save(store, "a")
    paths.cache.write_text("in the way", "utf-8")
    index = made(paths.index_file)
    bring(index, store)
    assert names(deals(index).cards()) == ["CRM 升级"]
    assert not index.lasting
    assert paths.cache.read_text("utf-8") == "in the way"
    nowhere = made()
    bring(nowhere, store)
    assert deals(nowhere).count() == 1
    nowhere._replace(broken=True)
    assert deals(nowhere).count() == 0


def test_a_cache_that_cannot_be_written_is_still_read(
    paths: Paths, store: DocumentStore[Deal], index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a read-only disk the rows of the last time are there at once."""
    save(store, "a")
    bring(index, store)
    index.close()

    def refuse(path: Path, layout: object) -> sqlite3.Connection:
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(connection, "_open", refuse)
    other = made(paths.index_file)
    assert names(deals(other).cards()) == ["CRM 升级"]
    assert not other.lasting
    assert not behind(other, store)


def test_a_cache_that_cannot_be_replaced_is_left(
    paths: Paths, store: DocumentStore[Deal], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken file in a folder that lets nothing be deleted: in memory, then."""
    paths.cache.mkdir(parents=True)
    paths.index_file.write_bytes(b"broken " * 1000)
    monkeypatch.setattr(
        Path, "unlink", lambda *args, **kwargs: (_ for _ in ()).throw(PermissionError(1, "no"))
    )
    index = made(paths.index_file)
    assert deals(index).count() == 0
    assert not index.lasting


def test_a_full_disk_leaves_the_file_and_goes_on_in_memory(
    paths: Paths, store: DocumentStore[Deal], index: Index
) -> None:
    """A write that finds no room is no reason to delete what is there."""
    save(store, "a")
    bring(index, store)
    calls: list[int] = []

    def full(connection: sqlite3.Connection) -> int:
        calls.append(1)
        if len(calls) == 1:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error
        return 7

    assert index._run(full, 0) == 7
    assert not index.lasting
    assert deals(made(paths.index_file)).count() == 1


def test_what_a_full_disk_refuses_is_kept_beside_what_the_file_has(
    store: DocumentStore[Deal], index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list is never shorter because a row found no room, not even when rows before it did."""
    for number in range(5):
        save(store, f"deal {number}")
    monkeypatch.setattr("salescoach.store.index.refresh._BATCH", 2)
    real, calls = Index._write, []

    def full(self: Index, *args: Any) -> None:
        calls.append(1)
        if len(calls) == 3:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error
        real(self, *args)

    monkeypatch.setattr(Index, "_write", full)
    bring(index, store)
    assert not index.lasting
    assert deals(index).count() == 5
    save(store, "one more")
    bring(index, store)
    assert deals(index).count() == 6


def test_a_file_that_breaks_while_it_is_refreshed_is_filled_again(
    store: DocumentStore[Deal], index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows that were known are read again when the file that had them had to go."""
    for number in range(3):
        save(store, f"deal {number}")
    bring(index, store)
    save(store, "one more")
    real, calls = Index._write, []

    def broken(self: Index, *args: Any) -> None:
        calls.append(1)
        if len(calls) == 1:
            error = sqlite3.DatabaseError("malformed")
            error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise error
        real(self, *args)

    monkeypatch.setattr(Index, "_write", broken)
    bring(index, store)
    assert index.lasting
    assert deals(index).count() == 4


def test_what_keeps_failing_gives_nothing(index: Index) -> None:
    """Never an exception, never an endless loop."""

    def fail(connection: sqlite3.Connection) -> int:
        raise sqlite3.DatabaseError("malformed")

    assert index._run(fail, 5) == 5


def test_a_writer_in_another_process_is_not_waited_for_forever(
    paths: Paths, store: DocumentStore[Deal], index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that cannot be written in time is missing until the next refresh; readers never wait."""
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.05)
    deal = save(store, "a")
    bring(index, store)
    index.close()
    other = sqlite3.connect(paths.index_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    saves: list[Save] = []
    edited = deal_store(paths, lambda deal, saved: saves.append(saved)).edit(
        deal.id, renamed("new")
    )
    put(index, edited, saves[0], SUMMARY)
    assert names(deals(index).cards()) == ["CRM 升级"]
    assert behind(index, store, "1")
    other.execute("ROLLBACK")
    other.close()
    bring(index, store)
    assert names(deals(index).cards()) == ["new"]


def test_pinyin_is_looked_up_only_for_new_names(
    store: DocumentStore[Deal], index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Saving a deal whose names stay, or are made of the same characters, needs no dictionary."""
    deal = save(store, "a")
    bring(index, store)
    monkeypatch.setattr(
        "salescoach.store.index.spelling.look_up", lambda text: pytest.fail("looked up")
    )
    store.edit(deal.id, acting("call"))
    assert bring(index, store).changed == 1
    assert names(deals(index).search("huading")) == ["CRM 升级"]


def test_names_that_are_no_words_are_found_too(store: DocumentStore[Deal], index: Index) -> None:
    """Brackets, quotes, emoji and what looks like SQL are text."""
    save(store, "a", name="[/] 50% 'x'; DROP TABLE deals -- 😀")
    bring(index, store)
    for typed in ("[/]", "50%", "';", "😀", "drop table"):
        assert deals(index).count(Where(text=typed)) == 1
    assert deals(index).count(Where(text="_")) == 0


def test_an_edit_in_place_of_the_same_size_and_time_is_seen(
    store: DocumentStore[Deal], deal: Deal
) -> None:
    """A tool that keeps a file's time, as sync clients do, changes what nobody can set."""
    index = made()
    key = deal.id

    def fresh() -> int:
        return lists.bring(index, store).changed

    saved = store.edit(key, lambda one: one.but(name="First name"))
    assert fresh() == 1
    assert fresh() == 0
    path = store.path(key)
    before = path.stat()
    data = path.read_bytes()
    with path.open("r+b") as file:
        file.write(data.replace(saved.name.encode(), b"Other name"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns, after.st_ino) == (
        before.st_size,
        before.st_mtime_ns,
        before.st_ino,
    )
    assert fresh() == 1
    assert deals(index).cards()[0].name == "Other name"


def test_ones_own_save_is_not_read_again(store: DocumentStore[Deal], deal: Deal) -> None:
    """The sign that a save gives is the one that the file has afterwards."""
    signs: list[Sign] = []
    watched = deal_store(store.paths, lambda one, save: signs.append(save.sign))
    watched.edit(deal.id, lambda one: one.but(name="First name"))
    watched.edit(deal.id, lambda one: one.but(name="Second name"))
    assert signs[-1] == watched.sign(deal.id)
