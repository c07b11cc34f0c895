"""How words spelled in pinyin are found by queries: what a row keeps of its sounds, and what is asked of them.

A row keeps, as bits of numbers, which initials and which syllables it has, and which initials are neighbours. That decides
what one character spells, and for more of them it leaves few rows to be looked at character by character.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from salescoach.pinyin import SYLLABLES, Readings, look_up, spelling
from salescoach.store.index.finding import haystack, lines_of

_LONGEST_SYLLABLE = 6
_LETTERS = 27
"""The letters, and one for all digits."""
_BITS = 62
"""Bits of a column: a number of SQLite has 64, one of them for the sign."""
_NUMBERS = {syllable: number for number, syllable in enumerate(SYLLABLES)}
_PAIRS = tuple(f"pairs{number}" for number in range(-(-_LETTERS * _LETTERS // _BITS)))
_SPOKEN = tuple(f"spoken{number}" for number in range(-(-len(SYLLABLES) // _BITS)))
SOUNDS = ("initials", "first", "other", *_PAIRS, *_SPOKEN)
"""The columns of a row's sounds: all initials, those that begin the first lines and those that begin the others,
neighbouring initials, and syllables."""


def sounds(lines: Sequence[str], first: int, readings: Readings) -> tuple[int, ...]:
    """Return the sounds of folded lines; the `first` lines are those whose beginning counts for more.

    Lines without Chinese characters have none.
    """
    initials, starts = 0, [0, 0]
    pairs, spoken = [0] * len(_PAIRS), [0] * len(_SPOKEN)
    for number, line in enumerate(lines):
        if line.isascii():
            continue
        before: set[str] = set()
        at_start, latin, gap = True, False, False
        for char in line:
            if not char.isalnum():
                gap = True
                continue
            ways = [char] if char.isascii() else readings.of.get(char, "").split()
            if gap and latin and char.isascii():
                before = set()  # two words of Latin letters are no neighbours
            here = {way[0] for way in ways}
            bits = sum(1 << _letter(letter) for letter in here)
            initials |= bits
            if at_start:
                starts[number >= first] |= bits
            for column, bit in (_pair(one, letter) for one in before for letter in here):
                pairs[column] |= bit
            for syllable in () if char.isascii() else ways:
                column, bit = divmod(_NUMBERS[syllable], _BITS)
                spoken[column] |= 1 << bit
            before, at_start, latin, gap = here, False, char.isascii(), False
    return (initials, *starts, *pairs, *spoken)


def _letter(letter: str) -> int:
    return ord(letter) - ord("a") if letter.isalpha() else _LETTERS - 1


def _pair(one: str, other: str) -> tuple[int, int]:
    column, bit = divmod(_letter(one) * _LETTERS + _letter(other), _BITS)
    return column, 1 << bit


def matches(table: str, word: str) -> tuple[str, list[object]]:
    """Return the test whether a folded word is in a table's `hay`, as it is or spelled in pinyin by its `SOUNDS`."""
    plain = f"instr({table}.hay, ?)"
    spelled = spelling(word)
    if not spelled:
        return plain, [word]
    if len(spelled) == 1:
        return f"({plain} OR {_initial(table, 'initials', spelled)})", [word]
    # The first character takes one letter or more, and the second one the next; or it takes them all.
    ways = [_neighbours(table, spelled[:2])]
    ways += (
        f"({spoken}) AND {_neighbours(table, spelled[0] + spelled[end])}"
        for end in range(2, min(len(spelled), _LONGEST_SYLLABLE + 1))
        if (spoken := _spoken(table, spelled[:end]))
    )
    test = " OR ".join(filter(None, (plain, _spoken(table, spelled))))
    if len(spelled) == 2:
        return f"({test} OR {ways[0]})", [word]
    return f"({test} OR ({' OR '.join(ways)}) AND spelled(?, {table}.hay))", [word, spelled]


def _neighbours(table: str, initials: str) -> str:
    column, bit = _pair(initials[0], initials[1])
    return f"{table}.{_PAIRS[column]} & {bit}"


def _spoken(table: str, piece: str) -> str:
    """Return the test for a syllable that starts with `piece`; empty where none does."""
    wanted = [0] * len(_SPOKEN)
    for syllable, number in _NUMBERS.items():
        if syllable.startswith(piece):
            wanted[number // _BITS] |= 1 << number % _BITS
    return " OR ".join(
        f"{table}.{column} & {bits}" for column, bits in zip(_SPOKEN, wanted, strict=True) if bits
    )


def _initial(table: str, column: str, word: str) -> str:
    return f"{table}.{column} & {1 << _letter(word[0])}"


def rank(table: str, words: str) -> tuple[str, list[object]]:
    """Return what a row of a table in which folded words were found sorts by, for a search.

    What is looked for stands in lines, those that count for more first: the table's `head` says how far these reach. First
    comes what is one of them, then what begins one, then what begins any other line.
    """
    start = f"\n{words}"
    spelled = spelling("".join(words.split()))
    other, params = "3", []
    if spelled:
        first, others = (_initial(table, column, spelled) for column in ("first", "other"))
        if len(spelled) == 1:
            other = f"CASE WHEN {first} THEN 1 WHEN {others} THEN 2 ELSE 3 END"
        else:
            # What begins a line that is neither name nor customer matters less than the time to look at it.
            params = [spelled]
            other = (
                f"CASE WHEN {first} THEN spelled_rank(?, hay, head) WHEN {others} THEN 2 ELSE 3 END"
            )
    return (
        f"CASE WHEN NOT instr(hay, ?) THEN {other} WHEN instr(hay, ?) > head THEN 2"
        " WHEN instr(hay, ?) BETWEEN 1 AND head THEN 0 ELSE 1 END"
    ), [start, *params, start, f"{start}\n"]


class Spelling:
    """What an index knows of the readings of its characters. Not for several threads at once."""

    def __init__(self) -> None:
        self.readings = Readings()
        self._connection: sqlite3.Connection | None = None

    def attach(self, connection: sqlite3.Connection) -> None:
        """Give a connection the functions that `matches` and `rank` ask, and read what its index has more."""
        if connection is not self._connection:
            connection.create_function("spelled", 2, self._found, deterministic=True)
            connection.create_function("spelled_rank", 3, self._rank, deterministic=True)
            self._connection = connection
        # Another process may have added to it, or it was made anew.
        (count,) = connection.execute("SELECT count(*) FROM readings").fetchone()
        if count != len(self.readings.of):
            rows = connection.execute("SELECT char, syllables FROM readings")
            self.readings = Readings(dict(rows))

    def learn(self, connection: sqlite3.Connection, text: str) -> None:
        """Look up the characters of `text` that the index does not have, and write them into it."""
        if missing := self.readings.missing(text):
            new = look_up(missing)
            connection.executemany("INSERT OR REPLACE INTO readings VALUES (?, ?)", new.items())
            self.readings = self.readings.and_also(new)

    def kept(
        self, connection: sqlite3.Connection, texts: Iterable[str], first: int = 0
    ) -> tuple[str | int, ...]:
        """Return the sounds of these texts and what is searched for them; the `first` lines count for more."""
        hay, lines = haystack(texts), lines_of(texts)
        self.learn(connection, hay)
        return *sounds(lines, first, self.readings), hay

    def _found(self, word: str, text: str) -> bool:
        return self.readings.spelled(word).found(text)

    def _rank(self, word: str, text: str, head: int) -> int:
        return self.readings.spelled(word).rank(text, head)
