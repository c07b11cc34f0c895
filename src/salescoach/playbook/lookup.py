"""Finds stages, moves and items of a playbook by key, number or name; nothing here changes anything."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from salescoach.playbook.errors import Unknown
from salescoach.playbook.models import DealKind, Item, Marker, Move, Place, Playbook, Stage
from salescoach.text import cell_width
from salescoach.words import Lang

_NEAR = 5


def places(playbook: Playbook) -> Mapping[str, Place]:
    """Return every item's place by the item's key, in the order of the checklist."""
    return playbook.places


def fitting(part: Item | Marker, lang: Lang, cells: int) -> str:
    """Return the text of an item or a marker, or its short form where it takes more than `cells` and there is one."""
    text = part.text.get(lang)
    if part.short is None or cell_width(text) <= cells:
        return text
    return part.short.get(lang) or text


def stage_of(playbook: Playbook, asked: str) -> Stage:
    """Return the stage with this number (`3`), key or name in either language. Raises Unknown."""
    wanted = _fold(asked)
    for number, stage in enumerate(playbook.stages, 1):
        if wanted in {str(number), stage.key, _fold(stage.name.zh), _fold(stage.name.en)}:
            return stage
    keys = [stage.key for stage in playbook.stages]
    names = {name: s.key for s in playbook.stages for name in (s.name.zh, s.name.en)}
    raise Unknown("stage", asked, _nearest(wanted, keys, names))


def move_of(playbook: Playbook, asked: str) -> Move:
    """Return the move with this number (`3.2`), key or name in either language. Raises Unknown."""
    wanted = _fold(asked)
    names: dict[str, str] = {}
    siblings: tuple[str, ...] = ()
    for s, stage in enumerate(playbook.stages, 1):
        for m, move in enumerate(stage.moves, 1):
            if wanted in {f"{s}.{m}", move.key, _fold(move.name.zh), _fold(move.name.en)}:
                return move
            names |= {move.name.zh: move.key, move.name.en: move.key}
        if wanted == str(s) or wanted.startswith(f"{s}."):
            siblings = tuple(move.key for move in stage.moves)
    raise Unknown("move", asked, siblings or _nearest(wanted, names.values(), names))


def item_of(playbook: Playbook, asked: str) -> Place:
    """Return the place of the item with this number (`3.2.1`) or key. Raises Unknown."""
    wanted = _fold(asked)
    if (by_key := playbook.places.get(wanted)) is not None:
        return by_key
    for place in playbook.places.values():
        if place.number == wanted:
            return place
    siblings = tuple(
        key
        for key, place in playbook.places.items()
        if place.number.rpartition(".")[0] in {wanted, wanted.rpartition(".")[0]}
    )
    raise Unknown("item", asked, siblings or _nearest(wanted, playbook.places, {}))


def stage_number(playbook: Playbook, key: str) -> int:
    """Return the number of the stage with this key, counted from one. Raises Unknown."""
    for number, stage in enumerate(playbook.stages, 1):
        if stage.key == key:
            return number
    raise Unknown("stage", key, _nearest(key, (stage.key for stage in playbook.stages), {}))


def move_number(playbook: Playbook, key: str) -> str:
    """Return the number of the move with this key, such as `3.2`. Raises Unknown."""
    for s, stage in enumerate(playbook.stages, 1):
        for m, move in enumerate(stage.moves, 1):
            if move.key == key:
                return f"{s}.{m}"
    keys = (move.key for stage in playbook.stages for move in stage.moves)
    raise Unknown("move", key, _nearest(key, keys, {}))


def items_for(move: Move, kind: DealKind) -> tuple[Item, ...]:
    """Return the items of a move that apply to deals of this kind; it may have none."""
    return tuple(item for item in move.items if kind in item.kinds)


def key_roles(playbook: Playbook) -> frozenset[str]:
    """Return the keys of the roles that make a contact a key contact."""
    return frozenset(role.key for role in playbook.tools.organisation.roles if role.is_key)


def rung_rank(playbook: Playbook, key: str | None) -> int:
    """Return how high a rung is: 0 for none, for a stranger and for a rung that the playbook does not have."""
    for rank, rung in enumerate(playbook.tools.relationship.rungs, 1):
        if rung.key == key:
            return rank
    return 0


def next_stage(playbook: Playbook, key: str) -> Stage | None:
    """Return the stage after the one with this key, or None after the last. Raises Unknown."""
    number = stage_number(playbook, key)
    return playbook.stages[number] if number < len(playbook.stages) else None


def previous_stage(playbook: Playbook, key: str) -> Stage | None:
    """Return the stage before the one with this key, or None before the first. Raises Unknown."""
    number = stage_number(playbook, key)
    return playbook.stages[number - 2] if number > 1 else None


def _fold(asked: str) -> str:
    return unicodedata.normalize("NFKC", asked).strip().casefold()


def _nearest(wanted: str, keys: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys that a person most likely meant: those that contain what was asked, then the similar ones."""
    if not wanted:
        return ()
    from difflib import get_close_matches

    wanted = wanted[:64]
    known = {key: key for key in keys} | {_fold(name): key for name, key in names.items()}
    # One letter is in nearly every name; one Chinese character says something.
    telling = len(wanted) > 1 or not wanted.isascii()
    found = [key for name, key in known.items() if telling and wanted in name]
    found += [known[name] for name in get_close_matches(wanted, known, n=_NEAR, cutoff=0.55)]
    return tuple(dict.fromkeys(found))[:_NEAR]
