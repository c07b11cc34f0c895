"""How far a deal is: items, moves and stages done, what is backed, which stage it is in and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from salescoach.coach.checks import CheckResult, run
from salescoach.coach.memory import computed
from salescoach.deal.items import state_of
from salescoach.deal.models import Deal
from salescoach.deal.parts import ItemState, State
from salescoach.deal.stages import stage_record
from salescoach.document.evidence import speaks
from salescoach.document.judging import confirmation_stands
from salescoach.playbook.lookup import items_for, move_number
from salescoach.playbook.models import Item, Move, Place, Playbook, Stage

Standing = State | Literal["contradicted"]
"""The state of an item as evidence and data leave it; contradicted: the latest evidence speaks against it."""

_BACKED = frozenset({"evidenced", "confirmed"})
_ASIDE = "not_applicable"
_TO_DO = frozenset({"open", "contradicted"})


@dataclass(frozen=True, slots=True)
class ItemStatus:
    """How an item stands, and whether the deal's own data backs it (`by_data`).

    `detail` is how much of the check is met, such as `2/3`; empty without a check.
    """

    state: Standing
    by_data: bool = False
    detail: str = ""
    check: CheckResult | None = None

    @property
    def done(self) -> bool:
        """Whether nothing is left to do: neither open nor contradicted."""
        return self.state not in _TO_DO

    @property
    def backed(self) -> bool:
        """Whether something backs it: evidence, data or a coach."""
        return self.state in _BACKED

    @property
    def short(self) -> bool:
        """Whether data that the item is checked by say something else than its state."""
        return self.check is not None and not self.check.met and self.state not in {"open", _ASIDE}


_UNTOUCHED = ItemStatus("open")


@dataclass(frozen=True, slots=True)
class MoveProgress:
    """One move's count over the items that apply to the deal's kind; `applies` is false when there are none."""

    move: Move
    number: str
    items_done: int
    items_total: int
    backed: int
    done: bool
    applies: bool


@dataclass(frozen=True, slots=True)
class StageProgress:
    """One stage's counts over the moves and items that apply; `backed` counts items."""

    stage: Stage
    number: int
    moves: tuple[MoveProgress, ...]
    moves_done: int
    moves_total: int
    items_done: int
    items_total: int
    backed: int


@dataclass(frozen=True, slots=True)
class DealProgress:
    """The whole deal's counts, and each stage's."""

    stages: tuple[StageProgress, ...]
    moves_done: int
    moves_total: int
    items_done: int
    items_total: int
    backed: int

    def of(self, stage_key: str) -> StageProgress:
        """Return the progress of one stage of the playbook."""
        return next(one for one in self.stages if one.stage.key == stage_key)


def item_status(playbook: Playbook, deal: Deal, place: Place) -> ItemStatus:
    """Return how the item at `place` stands; what data backs counts as evidenced without a tick."""
    return _status(playbook, deal, place.item)


def deal_progress(playbook: Playbook, deal: Deal) -> DealProgress:
    """Return the progress of every stage and move, over the items that apply to the deal's kind."""
    stages = tuple(
        _stage_progress(playbook, deal, stage, number)
        for number, stage in enumerate(playbook.stages, 1)
    )
    return DealProgress(
        stages,
        sum(one.moves_done for one in stages),
        sum(one.moves_total for one in stages),
        sum(one.items_done for one in stages),
        sum(one.items_total for one in stages),
        sum(one.backed for one in stages),
    )


def move_progress(playbook: Playbook, deal: Deal, move: Move) -> MoveProgress:
    """Return the progress of one move."""
    return _move_progress(playbook, deal, move, move_number(playbook, move.key))


def open_stages(playbook: Playbook, deal: Deal) -> tuple[Stage, ...]:
    """Return the stages that are open, in the playbook's order."""
    return tuple(stage for stage in playbook.stages if stage_record(deal, stage.key).is_open)


def current_stage(playbook: Playbook, deal: Deal) -> Stage | None:
    """Return the highest open stage; with none open, the first that was never closed; None when all are closed."""
    if opened := open_stages(playbook, deal):
        return opened[-1]
    waiting = (one for one in playbook.stages if stage_record(deal, one.key).closed is None)
    return next(waiting, None)


def retired(playbook: Playbook, deal: Deal) -> list[str]:
    """Return the keys of items that have a state in the deal and that the playbook no longer has."""
    return sorted(key for key in deal.items if key not in playbook.places)


def retired_stages(playbook: Playbook, deal: Deal) -> list[str]:
    """Return the keys of stages that the deal has been in and that the playbook no longer has, in the order they were opened."""
    known = {stage.key for stage in playbook.stages}
    gone = [(one.opened, key) for key, one in deal.stages.items() if key not in known]
    return [key for _, key in sorted(gone, key=lambda pair: (pair[0] is None, str(pair[0])))]


def days_in_stage(playbook: Playbook, deal: Deal, today: date) -> int | None:
    """Return for how many days the current stage has been open; None when it was not opened."""
    stage = current_stage(playbook, deal)
    since = stage_record(deal, stage.key).since if stage else None
    return max(0, (today - since.date()).days) if since else None


def open_items(playbook: Playbook, deal: Deal, stage: Stage) -> tuple[str, ...]:
    """Return the keys of the stage's required items that apply and are still open, in order."""
    return tuple(
        item.key
        for move in stage.moves
        for item in items_for(move, deal.kind)
        if item.required and not _status(playbook, deal, item).done
    )


def _status(playbook: Playbook, deal: Deal, item: Item) -> ItemStatus:
    known = computed(playbook, deal)
    status: ItemStatus | None = known.get(("item", item.key))
    if status is None:
        status = known["item", item.key] = _status_anew(playbook, deal, item)
    return status


def _status_anew(playbook: Playbook, deal: Deal, item: Item) -> ItemStatus:
    if item.auto is None and item.key not in deal.items:
        return _UNTOUCHED
    kept = state_of(deal, item.key)
    if item.auto is None:
        return ItemStatus(_standing(kept, data_say_so=False))
    check = run(item.auto, playbook, deal)
    # What a coach challenged is not met until evidence or a coach answers, whatever the data say.
    data_say_so = check.met and kept.state in {"open", "claimed"} and not kept.challenge
    standing = _standing(kept, data_say_so=data_say_so)
    by_data = data_say_so and standing in _BACKED
    return ItemStatus(standing, by_data, f"{check.have}/{check.need}", check)


def _standing(kept: ItemState, *, data_say_so: bool) -> Standing:
    if kept.state == _ASIDE:
        return kept.state
    spoken = speaks(kept.evidence, kept.confirmed_at)
    if spoken == "against":
        return "contradicted"
    if kept.state == "confirmed" or data_say_so:
        agreed = confirmation_stands(kept) or (kept.state == "confirmed" and not kept.confirmed_at)
        backed = data_say_so or spoken == "for"
        return "confirmed" if agreed else "evidenced" if backed else "claimed"
    doubtful = spoken != "for" or kept.challenge
    return "claimed" if kept.state == "evidenced" and doubtful else kept.state


def _move_progress(playbook: Playbook, deal: Deal, move: Move, number: str) -> MoveProgress:
    items = items_for(move, deal.kind)
    found = [(item, _status(playbook, deal, item)) for item in items]
    done = [status for _, status in found if status.done]
    required = [status for item, status in found if item.required]
    return MoveProgress(
        move=move,
        number=number,
        items_done=len(done),
        items_total=len(items),
        backed=sum(status.backed for _, status in found),
        done=all(status.done for status in required) if required else bool(done),
        applies=bool(items),
    )


def _stage_progress(playbook: Playbook, deal: Deal, stage: Stage, number: int) -> StageProgress:
    moves = tuple(
        _move_progress(playbook, deal, move, f"{number}.{place}")
        for place, move in enumerate(stage.moves, 1)
    )
    applying = [move for move in moves if move.applies]
    return StageProgress(
        stage,
        number,
        moves,
        sum(move.done for move in applying),
        len(applying),
        sum(move.items_done for move in moves),
        sum(move.items_total for move in moves),
        sum(move.backed for move in moves),
    )
