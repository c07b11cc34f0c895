"""What a person is known by is found and replaced in texts, and nothing else is."""

from __future__ import annotations

import pytest

from salescoach.document.traces import Traces, places, scrubbed

LI = Traces(
    frozenset({"李明", "Li Ming", "Al"}),
    frozenset({"13800138000"}),
    frozenset({"li@b.cn"}),
    frozenset({"李明华", "Alice"}),
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("李明说可以", "***说可以"),
        ("和李 明、王总谈过", "和***、王总谈过"),
        ("李明华说李明不来", "李明华说***不来"),
        ("李明", "***"),
        ("Met LI MING today", "Met *** today"),
        ("Met Li  Ming", "Met ***"),
        ("Li Mingle", "Li Mingle"),
        ("找Li Ming谈", "找***谈"),
        ("Al and Alice, also al fresco", "*** and Alice, also al fresco"),
        ("call 138 0013 8000", "call ***"),
        ("电话+86 138-0013-8000。", "电话***。"),
        ("8613800138000", "***"),
        ("213800138000", "213800138000"),
        ("mail LI@B.CN, please", "mail ***, please"),
        ("other-li@b.cn", "other-li@b.cn"),
        ("li@b.cn.com", "***.com"),
        ("", ""),
    ],
)
def test_a_person_is_found_however_it_is_written(text: str, left: str) -> None:
    assert LI.scrubbed(text) == left
    assert LI.found(text) == (text != left)


def test_a_name_of_one_letter_is_found_where_it_is_the_whole_text() -> None:
    short = Traces(frozenset({"李"}))
    assert (short.scrubbed("李"), short.scrubbed("李工来了")) == ("***", "李工来了")


def test_a_name_with_signs_is_no_pattern() -> None:
    assert Traces(frozenset({"J. (Jo) S*"})).scrubbed("with J. (Jo) S* and J. Jo S") == (
        "with *** and J. Jo S"
    )


def test_nothing_to_look_for_finds_nothing() -> None:
    assert not Traces()
    assert Traces().scrubbed("李明") == "李明"


def test_json_is_scrubbed_in_texts_and_keys_but_not_in_ids_and_users() -> None:
    key = "00000000-0000-4000-8138-001380008000"
    raw = {
        "id": key,
        "by": "李明",
        "done_by": "李明",
        "name": "李明",
        "sheet": {"李明": {"what": ["见过李明", 13800138000, None, True]}, "***": 1},
        "on": "2026-11-23",
    }
    assert scrubbed(raw, LI, frozenset({("name",)})) == raw | {
        "sheet": {"******": {"what": ["见过***", 13800138000, None, True]}, "***": 1}
    }
    assert places(raw, LI) == [("name",), ("sheet", "李明"), ("sheet", "李明", "what", "0")]
