"""What the name of an organisation comes to without its legal form: 有限公司, 集团, Ltd, GmbH."""

from __future__ import annotations

import re
from typing import Final

from salescoach.customer.names import folded, is_chinese, words_of

_CHINESE = re.compile(
    "(?:股份|有限|责任|集团|控股|总公司|公司|株式会社|合伙企业|普通合伙|有限合伙|个人独资企业)+$"
)
_PLACE = re.compile(r"[（(\[【][^（()）\[\]【】]{1,8}[)）\]】]")
"""A place between brackets, as in 华鼎（上海）有限公司."""
_FORMS = (
    "ab ag as asa bhd bv co company corp corporation gmbh group holding holdings inc incorporated international kg kgaa kk "
    "limited llc llp lp ltd mbh nv oy oyj plc pte pty sa sarl sas sdn se spa srl ug"
)
_LATIN = frozenset(_FORMS.split())
LEAST_CHINESE: Final = 2
LEAST_LATIN: Final = 3
"""Characters, or letters, of a name that is looked for within another."""


def core(name: str) -> str:
    """Return the folded name without legal form and place; the folded name where nothing else is left."""
    return "".join(_core_words(name)) or folded(name)


def within(name: str) -> frozenset[str]:
    """Return the names that stand in a name's `core` and are shorter: runs of Chinese characters or of Latin words."""
    words = _core_words(name)
    whole = "".join(words)
    if is_chinese(whole):
        ends = range(LEAST_CHINESE, len(whole) + 1)
        runs = {whole[start:end] for end in ends for start in range(end - LEAST_CHINESE + 1)}
        found = {run for run in runs if is_chinese(run) or len(run) >= LEAST_LATIN}
        # A Latin word at an edge is taken whole.
        return frozenset(run for run in found - {whole} if _at_edges(run, whole))
    count = len(words)
    runs = {"".join(words[at:end]) for at in range(count) for end in range(at + 1, count + 1)}
    return frozenset(run for run in runs - {whole} if len(run) >= LEAST_LATIN)


def _core_words(name: str) -> list[str]:
    bare = _PLACE.sub(" ", name) if folded(_PLACE.sub("", name)) else name
    words = words_of(bare)
    if words and words[0] == "the" and len(words) > 1:
        words = words[1:]
    while len(words) > 1 and words[-1] in _LATIN:
        words = words[:-1]
    if is_chinese("".join(words)):
        words = [_CHINESE.sub("", "".join(words))]
    return [word for word in words if word]


def _at_edges(run: str, whole: str) -> bool:
    at = whole.find(run)
    before, after = whole[:at][-1:], whole[at + len(run) :][:1]
    left = not (before.isascii() and before.isalnum() and run[0].isascii())
    right = not (after.isascii() and after.isalnum() and run[-1].isascii())
    return left and right
