"""Chinese names and titles are found by any reading of each character, in full, by initials, and mixed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescoach.pinyin import SYLLABLES, Readings, look_up, spelling

CASES = [
    ("单玉梅", "shanyumei"),
    ("单玉梅", "sym"),
    ("单玉梅", "danyum"),
    ("曾国强", "zenggq"),
    ("曾国强", "zgq"),
    ("解晓东", "xiexiaodong"),
    ("解晓东", "xxd"),
    ("解决方案部", "jjfa"),
    ("仇和平", "qiuheping"),
    ("仇和平", "qhp"),
    ("区伟明", "ouweiming"),
    ("区伟明", "owm"),
    ("朴成浩", "piaochenghao"),
    ("朴成浩", "pch"),
    ("乐嘉", "yuejia"),
    ("乐嘉", "lejia"),
    ("重庆轨道", "chongqing"),
    ("重庆轨道", "cqgd"),
    ("长沙中联", "changsha"),
    ("长沙中联", "cszl"),
    ("中国银行", "zgyinhang"),
    ("中国银行", "zhongguoyh"),
    ("华夏银行杭州分行", "hxyhhzfh"),
    ("查良镛", "zhaly"),
    ("盖叫天", "gejt"),
    ("尉迟恭", "yuchigong"),
    ("万俟雪", "moqixue"),
    ("长孙无忌", "zhangsun"),
    ("缪荣株", "miaorz"),
    ("翟天临", "zhaitl"),
    ("谌龙", "chenlong"),
    ("覃辉", "qinhui"),
    ("任建新", "renjx"),
    ("华罗庚", "hualg"),
    ("冼星海", "xianxinghai"),
    ("逄增玉", "pangzy"),
    ("种师道", "chongshidao"),
    ("折可适", "shekeshi"),
    ("员半千", "yunbq"),
    ("召开董事会", "zhaokaids"),
    ("厦门航空", "xiamenhk"),
    ("六安瓜片", "luan"),
    ("采购部行长助理", "hangzhang"),
    ("会计师", "kuaiji"),
    ("吕建国", "lvjianguo"),
]


READINGS = Readings(look_up({char for text, _ in CASES for char in text}))


@pytest.mark.parametrize(("text", "query"), CASES)
def test_it_is_found_by_any_reading(text: str, query: str) -> None:
    assert READINGS.spelled(query).found(text)


@pytest.mark.parametrize(
    ("text", "query"),
    [("单玉梅", "sanym"), ("单玉梅", "smy"), ("华鼎数据", "hdx"), ("华鼎", "huadingg"), ("华鼎", "ua"), ("重庆", "cc")],
)  # fmt: skip
def test_what_is_not_spelled_so_is_not_found(text: str, query: str) -> None:
    readings = READINGS.and_also(look_up(text))
    assert not readings.spelled(query).found(text)


def test_letters_among_the_characters_count_as_themselves_and_gaps_do_not() -> None:
    readings = Readings(look_up("升级华鼎北京级"))
    assert readings.spelled("crmsj").found("crm 升级")
    assert readings.spelled("crmshengji").found("crm 升级")
    assert readings.spelled("hdbj").found("华鼎（北京）")
    assert not readings.spelled("crm").found("c r m")
    assert not readings.spelled("jihua").found("升级\n华鼎")


def test_what_begins_or_is_a_line_ranks_first() -> None:
    readings = Readings(look_up("华鼎数据中"))
    text = "\n华鼎\n中华鼎"
    assert readings.spelled("huad").rank("\n华鼎数据\n数据", 5) == 1
    assert readings.spelled("hd").rank(text, 3) == 0
    assert readings.spelled("zhd").rank(text, 3) == 2
    assert readings.spelled("ding").rank(text, 3) == 3


def _slow(word: str, text: str, of: Mapping[str, str]) -> bool:
    """Say the same by trying everything."""

    def fits(rest: str, at: int) -> bool:
        if not rest:
            return True
        if at == len(text):
            return False
        ways = {one[:end] for one in of[text[at]].split() for end in range(1, len(one) + 1)}
        return any(rest.startswith(way) and fits(rest[len(way) :], at + 1) for way in ways)

    return any(fits(word, at) for at in range(len(text)))


@given(
    st.text("单曾解重长行乐银庆沙女吕安西", min_size=1, max_size=5),
    st.text("acdehgijlnqsuvxyz", min_size=1, max_size=9),
)
def test_it_finds_what_trying_everything_finds(text: str, word: str) -> None:
    of = look_up(text)
    assert Readings(of).spelled(word).found(text) == _slow(word, text, of)


def test_a_word_that_could_be_spelled_in_very_many_ways_takes_no_time() -> None:
    readings = Readings(look_up("安阿"))
    assert not readings.spelled("a" * 59 + "z").found("阿" * 200)


@pytest.mark.parametrize(("word", "is_one"), [("hd", True), ("lü", True), ("5g", True), ("55", False), ("a-b", False), ("华d", False), ("a" * 61, False)])  # fmt: skip
def test_only_letters_and_digits_are_looked_for_as_pinyin(word: str, is_one: bool) -> None:
    assert bool(spelling(word)) == is_one


def test_the_dictionary_of_phrases_is_not_loaded() -> None:
    code = (
        "import sys; from salescoach.pinyin import look_up; print(look_up('单'));"
        "from pypinyin.constants import PHRASES_DICT; print(len(PHRASES_DICT))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=dict(os.environ),
    )
    assert ran.stdout.split("\n")[0] == "{'单': 'dan chan shan'}"
    assert ran.stdout.split("\n")[1] == "0"


def test_every_syllable_of_the_dictionary_is_known() -> None:
    os.environ["PYPINYIN_NO_PHRASES"] = "1"
    from pypinyin.constants import PINYIN_DICT

    read = look_up(map(chr, PINYIN_DICT)).values()
    assert {syllable for one in read for syllable in one.split()} == set(SYLLABLES)
    assert list(SYLLABLES) == sorted(SYLLABLES)
