"""Every sentence the program itself says, in Chinese and English; the playbook's own texts are not here.

A word is asked for as `area.name`; each area is one module of this package with a `TEXTS` table that holds both
languages side by side, and is imported when its first word is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import Literal

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")

_areas: dict[str, dict[str, tuple[str, str]]] = {}


class Words:
    """The program's sentences in one language: `words("home.overdue", count=3)`."""

    __slots__ = ("_column", "lang")

    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang
        self._column = LANGS.index(lang)

    def __call__(self, key: str, /, **params: object) -> str:
        """Return the sentence for `key` (`area.name`) with `params` filled in.

        Raises KeyError for a key that no area has: a mistake in the program, which a test finds.
        """
        area, _, name = key.partition(".")
        table = _areas.get(area) or _load(area)
        sentence = table[name][self._column]
        return sentence.format(**params) if params else sentence


def _load(area: str) -> dict[str, tuple[str, str]]:
    table: dict[str, tuple[str, str]] = import_module(f"{__name__}.{area}").TEXTS
    _areas[area] = table
    return table
