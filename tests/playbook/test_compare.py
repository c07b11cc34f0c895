"""What is told of an edition that differs from the one it was made from."""

from __future__ import annotations

from itertools import combinations

import pytest

from salescoach.playbook.compare import SAME_MEANING, Concern, concerns, similarity
from salescoach.playbook.load import load, packaged
from salescoach.playbook.models import Playbook, Text
from salescoach.words import Words
from tests.playbook.editions import FIRST, SECOND, Edition, item, text

WORDS = Words("en")
REWORDED = {
    "guide-low-level-first": (
        "至少和一位基层人员保持着联系",
        "We keep in touch with one person on the working level",
    ),
    "guide-sees-value": (
        "向导自己说得出我们能给他们单位带来什么",
        "The guide can say what our company brings to theirs",
    ),
    "guide-kept-warm": (
        "每位向导一个季度内都联系过",
        "Every guide was contacted in the last quarter",
    ),
    "facts-current-use": (
        "已弄清客户在用哪些同类产品、怎么用、近期采购计划",
        "We know which similar products are in use, what for, and what is planned to be bought",
    ),
    "facts-before-meeting": (
        "第一次正式见面前，能查的都查好了",
        "What can be looked up has been looked up before we first meet formally",
    ),
    "org-everyone-listed": (
        "可能和采购有关的人全都在联系人里",
        "All who may touch the purchase are listed as contacts",
    ),
    "org-contacts-placed": (
        "联系人的级别、职能、角色都标好了",
        "Level, function and role of every contact are set",
    ),
}


@pytest.fixture(scope="module")
def own() -> Playbook:
    return load(packaged())


def told(edition: Edition, origin: Edition | None = None) -> list[Concern]:
    found = concerns(edition.parse(), (origin or Edition()).parse(), WORDS)
    return [each for each in found if each.code not in {"no-way-to-rung", "no-key-role"}]


def test_the_packaged_edition_has_nothing_to_look_at(own: Playbook) -> None:
    assert concerns(own, own, WORDS) == ()


@pytest.mark.parametrize("key", REWORDED)
def test_a_rewording_is_the_same_item(key: str, own: Playbook) -> None:
    zh, en = REWORDED[key]
    was = own.places[key].item.text
    for new in (Text(zh=zh, en=en), Text(zh=zh, en=was.en), Text(zh=was.zh, en=en)):
        assert similarity(new, was) >= SAME_MEANING


def test_different_items_are_rarely_taken_for_rewordings(own: Playbook) -> None:
    texts = [place.item.text for place in own.places.values()]
    pairs = list(combinations(texts, 2))
    alike = sum(similarity(one, other) >= SAME_MEANING for one, other in pairs)
    assert alike / len(pairs) < 0.02


def test_an_item_that_says_something_else_under_its_key_is_told_with_a_new_key() -> None:
    edition = Edition()
    edition.trees[FIRST]["moves"][0]["items"] = [
        item("seen") | {"text": text("合同已经签字盖章", "The contract is signed by both sides")}
    ]
    (found,) = told(edition)
    assert (found.code, found.items) == ("meaning-changed", frozenset({"seen"}))
    assert found.params["suggested"] == "contract-signed-both-sides"
    assert "1.1.1 seen" in found.tell(WORDS)
    assert "contract-signed-both-sides" in found.mend(WORDS)


def test_a_suggested_key_is_one_that_nobody_has() -> None:
    edition = Edition()
    edition.trees[FIRST]["moves"][0]["items"] = [
        item("seen") | {"text": text("合同签了", "Signed")},
        item("signed"),
    ]
    (found,) = told(edition)
    assert found.params["suggested"] == "seen-2"


def test_a_stage_and_a_move_that_are_gone_are_told_with_their_items() -> None:
    edition, smaller = Edition(), Edition()
    del smaller.trees[SECOND]
    smaller.trees[FIRST]["beside"] = []
    (found,) = told(smaller, edition)
    assert (found.code, found.stage, found.items) == (
        "stage-gone",
        "proving",
        frozenset({"shown", "won"}),
    )
    smaller = Edition()
    del smaller.trees[FIRST]["moves"][1]
    (found,) = told(smaller, edition)
    assert (found.code, found.stage, found.items) == ("move-gone", "", frozenset({"asked", "told"}))
    assert "1.2" in found.tell(WORDS)
    assert found.is_gone


def test_items_that_moved_elsewhere_are_not_gone() -> None:
    edition = Edition()
    moves = edition.trees[FIRST]["moves"]
    moves[0]["items"] += moves.pop(1)["items"]
    assert told(edition) == []


def test_another_method_is_not_compared(own: Playbook) -> None:
    assert not [each for each in concerns(Edition().parse(), own, WORDS) if each.is_gone]


def test_a_gate_to_which_no_activity_leads_is_told(own: Playbook) -> None:
    relationship = own.tools.relationship
    rungs = tuple(
        rung.model_copy(update={"activities": ()}) if rung.key == "engagement" else rung
        for rung in relationship.rungs
    )
    tools = own.tools.model_copy(
        update={"relationship": relationship.model_copy(update={"rungs": rungs})}
    )
    changed = own.model_copy(update={"tools": tools})
    found = concerns(changed, own, WORDS)
    assert {each.code for each in found} == {"no-way-to-rung"}
    assert any("entry" in each.params["place"] for each in found)
    assert all(each.params["check"] != "key-contacts-acquainted" for each in found)


def test_checks_of_key_contacts_without_a_key_role_are_told(own: Playbook) -> None:
    organisation = own.tools.organisation
    roles = tuple(role.model_copy(update={"is_key": False}) for role in organisation.roles)
    tools = own.tools.model_copy(
        update={"organisation": organisation.model_copy(update={"roles": roles})}
    )
    found = concerns(own.model_copy(update={"tools": tools}), own, WORDS)
    assert found
    assert {each.code for each in found} == {"no-key-role"}
