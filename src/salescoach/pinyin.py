"""Finds Chinese text by pinyin: each character by any of its readings, whole, by its initial or by a part between.

The readings of the characters in use are kept in the index, so that pypinyin is imported only for new ones.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

_LONGEST = 60
"""Letters of a word; a longer one is nobody's spelling."""
_ALL = """
a ai an ang ao ba bai ban bang bao bei ben beng bi bian biang biao bie bin bing bo bong bu ca cai can cang cao ce cei
cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo ci cong cou
cu cuan cui cun cuo da dai dan dang dao de dei den deng di dia dian diao die din ding diu dong dou du duan dui dun duo
e ei en eng er fa fan fang fei fen feng fiao fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan
guang gui gun guo ha hai han hang hao he hei hen heng hm hng hong hou hu hua huai huan huang hui hun huo ji jia jian
jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke kei ken keng kong kou ku kua kuai kuan kuang
kui kun kuo la lai lan lang lao le lei len leng li lia lian liang liao lie lin ling liu lo long lou lu luan lue lun
luo lv lve lyu lyue m ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu n na nai nan nang
nao ne nei nen neng ng ni nia nian niang niao nie nin ning niu nong nou nu nuan nue nun nuo nv nve nyu nyue o ou pa
pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang qiao qie qin qing qiong qiu qu
quan que qun ran rang rao re ren reng ri rong rou ru rua ruan rui run ruo sa sai san sang sao se sen seng sha shai
shan shang shao she shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song sou su suan sui sun
suo ta tai tan tang tao te tei teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo
wong wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo yong you yu
yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhei zhen zheng zhi zhong zhou zhu zhua
zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo
"""
SYLLABLES = tuple(_ALL.split())
"""Every syllable that pypinyin gives, in the order of the alphabet."""


def look_up(chars: Iterable[str]) -> dict[str, str]:
    """Return the readings of characters, separated by spaces, the usual one first; empty for what has none.

    It imports pypinyin, without its dictionary of phrases: which reading a phrase takes does not matter where any will
    do, and the dictionary takes four fifths of the memory.
    """
    switch = "PYPINYIN_NO_PHRASES"
    before = os.environ.get(switch)
    os.environ[switch] = "1"
    try:
        from pypinyin import Style, pinyin
    finally:
        if before is None:
            del os.environ[switch]
        else:
            os.environ[switch] = before
    found = {}
    for char in chars:
        read = pinyin(char, style=Style.NORMAL, heteronym=True, errors="ignore")
        syllables = [one for one in (read[0] if read else ()) if one.isascii() and one.isalpha()]
        # 吕 is typed lv, lu or, as in a passport, lyu.
        other = [one.replace("v", mark) for one in syllables if "v" in one for mark in ("u", "yu")]
        found[char] = " ".join(dict.fromkeys(syllables + other))
    return found


def spelling(word: str) -> str:
    """Return what a folded word is as pinyin; empty when it cannot be any."""
    word = word.replace("ü", "v")
    fits = word.isascii() and word.isalnum() and not word.isdecimal() and len(word) <= _LONGEST
    return word if fits else ""


class Readings:
    """How characters are read: by character its syllables, separated by spaces, the usual one first."""

    def __init__(self, of: Mapping[str, str] | None = None) -> None:
        self.of = dict(of or {})
        self._starting: dict[str, str] = {}
        self.spelled = lru_cache(32)(self._spelled)

    def missing(self, text: str) -> set[str]:
        """Return the characters of `text` whose readings are not known here."""
        return (
            set() if text.isascii() else {c for c in text if c not in self.of and not c.isascii()}
        )

    def and_also(self, more: Mapping[str, str]) -> Readings:
        """Return these readings with `more`."""
        return Readings(self.of | dict(more)) if more else self

    def key(self, text: str) -> str:
        """Return what a folded text is sorted by: each character's usual reading, without spaces."""
        if text.isascii():
            return text
        return "".join(
            self.of.get(char, "").partition(" ")[0] or char for char in text if char != " "
        )

    def starting(self, piece: str) -> str:
        """Return the characters with a reading that starts with `piece`."""
        if not self._starting:
            by: dict[str, list[str]] = {}
            for char, readings in self.of.items():
                for syllable in readings.split():
                    by.setdefault(syllable, []).append(char)
            self._starting = {syllable: "".join(chars) for syllable, chars in by.items()}
        return "".join(
            chars for syllable, chars in self._starting.items() if syllable.startswith(piece)
        )

    def _spelled(self, word: str) -> Spelled:
        return Spelled(word, self)


class Spelled:
    """A word of letters and digits, looked for in texts as pinyin."""

    def __init__(self, word: str, readings: Readings) -> None:
        self._word = word
        self._of = readings.of
        self._full = 1 << len(word)
        self._steps: dict[str, tuple[int, ...]] = {}
        self._table: dict[int, dict[str, int]] = {}
        self._starts = re.compile(f"[{word[0]}{re.escape(readings.starting(word[0]))}]")

    def found(self, text: str) -> bool:
        """Say whether a line of the folded `text` is spelled so somewhere, by a Chinese character at least."""
        return any(self._spells(text, start.start()) for start in self._starts.finditer(text))

    def begins(self, text: str) -> bool:
        """Say whether what begins the folded `text`, or a part of it behind a space, is spelled so."""
        starts = [0, *(at + 1 for at, char in enumerate(text) if char == " ")]
        return any(self._starts.match(text, at) and self._spells(text, at) for at in starts)

    def rank(self, text: str, head: int) -> int:
        """Return how good a match is: a line of the first `head` characters 0, the start of one 1, of another 2, else 3."""
        best, at = 3, 0
        for line in text.split("\n"):
            if self._starts.match(line) and self._spells(line, 0):
                if at > head:
                    return min(best, 2)
                if self._whole(line):
                    return 0
                best = 1
            at += len(line) + 1
        return best

    def _spells(self, text: str, start: int) -> bool:
        """Say whether what begins at `start` spells the word before its line ends; signs and spaces are passed over."""
        # Each bit of the state says that so many letters of the word are spelled by the characters so far.
        state, chinese, latin, gap = 1, False, False, False
        for char in text[start : start + 3 * len(self._word)]:
            if not char.isalnum():
                if char == "\n":
                    return False
                gap = True
                continue
            if gap and latin and char.isascii():
                return False  # two words of Latin letters are two words
            latin, gap = char.isascii(), False
            chinese = chinese or not latin
            state = self._next(state, char)
            if not state:
                return False
            if chinese and state & self._full:
                return True
        return False

    def _whole(self, line: str) -> bool:
        state = 1
        for char in line:
            if char.isalnum():
                state = self._next(state & ~self._full, char)
        return bool(state & self._full)

    def _next(self, state: int, char: str) -> int:
        row = self._table.get(state)
        if row is None:
            row = self._table[state] = {}
        after = row.get(char)
        if after is None:
            after = 0
            for at, step in enumerate(self._reached(char)):
                if state >> at & 1:
                    after |= step
            row[char] = after
        return after

    def _reached(self, char: str) -> tuple[int, ...]:
        """Return, for each number of letters spelled before `char`, the numbers that can be spelled after it, as bits."""
        known = self._steps.get(char)
        if known is None:
            readings = [char] if char.isascii() else self._of.get(char, "").split()
            known = self._steps[char] = tuple(
                sum({1 << end for one in readings for end in _ends(self._word, at, one)})
                for at in range(len(self._word))
            )
        return known


def _ends(word: str, at: int, syllable: str) -> Iterable[int]:
    """Yield where `word` goes on after each start of `syllable` that stands in it at `at`."""
    for letter in syllable:
        if at >= len(word) or word[at] != letter:
            return
        at += 1
        yield at
