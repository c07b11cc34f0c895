"""What the palette finds: commands, deals, customers, people, moves and items, each by its words or by pinyin. No widgets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from salescoach.pinyin import Readings, spelling
from salescoach.text import fold

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.playbook.models import Playbook
    from salescoach.words import Words
    from salescoach.workspace import Workspace

LIMIT = 60
"""Deals, customers, and people of other deals, that are offered at a time."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something to go to or to do."""

    kind: Literal["command", "deal", "customer", "person", "move", "item"]
    value: str
    label: str
    note: str
    extra: str = ""
    """The stage of a move or an item, the deal of a person."""
    short: str = ""
    """What stands in the list where the label does not fit."""
    also: str = ""
    """What it is found by too, besides its label."""


class Finder:
    """Sorts out hits by the words that somebody typed, Chinese texts also by pinyin."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._readings = Readings()

    def fitting(self, typed: str, hits: Iterable[Hit]) -> list[Hit]:
        """Return those of `hits` in which every word is found, in their order."""
        words = fold(typed).split()
        if not words:
            return list(hits)
        texts = [(hit, fold(f"{hit.label} {hit.also}")) for hit in hits]
        self._read(words, "".join(text for _, text in texts))
        return [hit for hit, text in texts if all(self._found(word, text) for word in words)]

    def sorted(self, typed: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return the hits with those first whose label has the words, then those that it begins with in pinyin."""
        words = fold(typed).split()
        labels = {hit: fold(hit.label) for hit in hits} if words else {}
        self._read(words, "".join(labels.values()))
        return sorted(
            hits, key=lambda hit: max([self._rank(word, labels[hit]) for word in words] or [0])
        )

    def _read(self, words: Sequence[str], text: str) -> None:
        if any(map(spelling, words)) and self._readings.missing(text):
            self._readings = self._workspace.index.readings(text)

    def _found(self, word: str, text: str) -> bool:
        if word in text:
            return True
        spelled = spelling(word)
        return bool(spelled) and self._readings.spelled(spelled).found(text)

    def _rank(self, word: str, label: str) -> int:
        if word in label:
            return 0
        spelled = spelling(word)
        return 1 if spelled and self._readings.spelled(spelled).begins(label) else 2


def deals(workspace: Workspace, words: Words, typed: str) -> list[Hit]:
    """Return the deals that are found, closed and archived ones too; open deals where nothing is typed."""
    cards = (
        workspace.found(typed, LIMIT) if typed else workspace.listing(tab="deals").page(0, LIMIT)
    )
    return [
        Hit(
            "deal",
            card.id,
            f"{card.customer} {card.name}",
            words("home.status-" + ("archived" if card.archived else card.status or "open")),
        )
        for card in cards
        if not card.problem
    ]


def customers(workspace: Workspace, words: Words, typed: str) -> list[Hit]:
    """Return the customers that are found by name, other name or pinyin; none where nothing is typed."""
    return [
        Hit(
            "customer",
            card.id,
            f"{card.name}  {card.other_names}".strip(),
            words("customers.numbers", people=card.people, deals=card.deals),
        )
        for card in workspace.lists.customers.search(typed, LIMIT)
        if not card.problem
    ]


def people_of(deal: Deal) -> Iterator[Hit]:
    """Yield the people of a deal, found by name, title and department."""
    for key, who in sorted(deal.contacts.items(), key=lambda pair: pair[1].order):
        label = f"{who.name}  {who.title}".strip()
        yield Hit("person", key, label, deal.customer, deal.id, also=who.department)


def people(workspace: Workspace, typed: str, but: str) -> list[Hit]:
    """Return the people who have a part in a deal and are found, each once with the newest, without those of the deal `but`."""
    found = workspace.people(typed, LIMIT) if typed else []
    return [
        Hit("person", who.id, f"{who.name}  {who.title}".strip(), who.customer, who.deals[0])
        for who in found
        if who.deals and but not in who.deals
    ]


def places(playbook: Playbook, words: Words) -> Sequence[Hit]:
    """Return the moves and then the items of a playbook."""
    from salescoach.playbook.lookup import fitting

    lang, moves, items = words.lang, [], []
    for number, stage in enumerate(playbook.stages, 1):
        for place, move in enumerate(stage.moves, 1):
            label = f"{number}.{place} {move.name.get(lang)}"
            moves.append(
                Hit("move", move.key, label, stage.name.get(lang), stage.key, also=move.key)
            )
    for at in playbook.places.values():
        move_name = at.move.name.get(lang)
        items.append(
            Hit(
                "item",
                at.item.key,
                f"{at.number} {at.item.text.get(lang)}",
                move_name,
                at.stage.key,
                short=f"{at.number} {fitting(at.item, lang, 0)}",
                also=f"{move_name} {at.stage.name.get(lang)} {at.item.key}",
            )
        )
    return [*moves, *items]
