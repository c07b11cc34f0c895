"""Short forms of people's names: 李工 and 老李 for 李建国, J. Smith and Mr Smith for John Smith."""

from __future__ import annotations

from salescoach.customer.names import folded, is_chinese, words_of

_SURNAMES = (
    "欧阳 上官 司马 诸葛 司徒 夏侯 皇甫 令狐 东方 慕容 尉迟 公孙 轩辕 长孙 宇文 端木 南宫 独孤"
)
_OFFICES = (
    "总 董 工 哥 姐 处 局 科 部 院 校 所 厂 主任 经理 总监 总经理 副总 总工 处长 科长 部长 局长 院长 校长 所长 厂长 "
    "行长 会长 董事长 书记 老师 教授 博士 医生 大夫 先生 女士 小姐 师傅 秘书 主管 助理 老板 工程师 会计 律师 队长 组长"
)
_FORMS = "mr mrs ms miss dr prof professor sir madam herr frau"

_DOUBLE_SURNAMES = frozenset(_SURNAMES.split())
_CALLED = frozenset(_OFFICES.split())
"""What a person is called behind the surname."""
_BEFORE = frozenset("小老阿")
_TITLES = frozenset(_FORMS.split())


def is_short_form(short: str, full: str) -> bool:
    """Say whether `short` is a way to call somebody whose name is `full`; neither is one of its own name."""
    if folded(short) == folded(full):
        return False
    if is_chinese(full):
        return is_chinese(short) and _chinese(folded(short), folded(full))
    return not is_chinese(short) and _latin(words_of(short), words_of(full))


def _chinese(short: str, full: str) -> bool:
    surname = full[:2] if full[:2] in _DOUBLE_SURNAMES else full[:1]
    given = full[len(surname) :]
    if not given or given in _CALLED:
        return False  # a short form itself
    if short.startswith(surname) and short[len(surname) :] in _CALLED:
        return True
    if short[0] in _BEFORE and short[1:] in {surname, given[-1]}:
        return True
    return len(given) > 1 and short == given


def _latin(short: list[str], full: list[str]) -> bool:
    short = [word for word in short if word not in _TITLES]
    full = [word for word in full if word not in _TITLES]
    if not short or len(full) < 2 or len(short) > len(full):
        return False
    if len(short) == 1:
        return len(short[0]) > 1 and short[0] in {full[0], full[-1]}
    # The surname stands in full at one end, what comes beside it may be an initial.
    return short[-1] == full[-1] and _begin(short[:-1], full[:-1])


def _begin(short: list[str], full: list[str]) -> bool:
    at = 0
    for word in short:
        while at < len(full) and not (full[at] == word or (len(word) == 1 and full[at][0] == word)):
            at += 1
        if at == len(full):
            return False
        at += 1
    return True
