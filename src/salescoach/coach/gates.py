"""Gates: whether a stage's markers are met and by what, what is missing to move on, and moving on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from salescoach.coach.checks import CheckResult, run
from salescoach.coach.progress import current_stage, open_items
from salescoach.deal import stages
from salescoach.deal.actions import open_actions
from salescoach.deal.errors import GateClosed
from salescoach.deal.models import Deal
from salescoach.deal.parts import MarkerState, Side
from salescoach.document.change import applied
from salescoach.document.errors import DocumentError
from salescoach.document.evidence import enough, speaks
from salescoach.document.judging import confirmation_stands
from salescoach.document.stamp import Stamp
from salescoach.playbook.lookup import next_stage, previous_stage, stage_number, stage_of
from salescoach.playbook.models import Marker, Playbook, Stage

How = Literal["evidence", "data", "coach", "previous", "override", "against", "challenged", "none"]
MissingKind = Literal["marker", "question", "basis", "contact", "proof", "field", "item"]


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that a gate lacks.

    `key` is a stage, question or item key, a contact's id (empty: there is no key contact at all) or a field's name;
    `stage` and `side` say which marker asks for it, `name` is the contact's. Of a "basis" only what a yes rests on is
    missing, of a "proof" only what shows the rung that a contact is said to be on.
    """

    kind: MissingKind
    key: str
    stage: str
    side: Side
    name: str = ""

    @property
    def code(self) -> str:
        """The form in which it goes on record and into GateClosed."""
        where = f"/{self.side}" if self.kind == "marker" else ""
        return f"{self.kind}:{self.key}{where}"


@dataclass(frozen=True, slots=True)
class MarkerStatus:
    """Whether a marker is `met` and how; `missing` is empty when it is.

    "override" means: not met, but somebody gave a reason for going on without; "previous": it is the same fact as the
    exit marker of the stage before, which is met; "coach": only a coach's word says so; "against": the latest evidence
    speaks against it; "challenged": a coach did not accept it, for the reason `challenge`, and nothing has answered him.
    """

    met: bool
    how: How
    check: CheckResult | None = None
    missing: tuple[Missing, ...] = ()
    challenge: str = ""

    @property
    def passed(self) -> bool:
        """Whether nothing holds the stage up: met, or passed with a reason on record."""
        return self.met or self.how == "override"


@dataclass(frozen=True, slots=True)
class Gate:
    """A stage's two markers as they stand."""

    stage: Stage
    entry: MarkerStatus
    exit: MarkerStatus


@dataclass(frozen=True, slots=True)
class MoveOn:
    """What moving on from one stage to the next takes.

    `blocking` is what must be brought or overridden with a reason; `also_open` the required items of the stage still
    open, which do not hold it up; `closes` whether the stage closes or stays open beside the next.
    """

    blocking: tuple[Missing, ...]
    also_open: tuple[str, ...]
    closes: bool
    from_stage: str = ""
    to_stage: str | None = None


def gate(playbook: Playbook, deal: Deal, stage_key: str) -> Gate:
    """Return how the markers of a stage stand. Raises playbook.errors.Unknown."""
    stage = stage_of(playbook, stage_key)
    return Gate(stage, _entry(playbook, deal, stage), _exit(playbook, deal, stage))


def default_target(playbook: Playbook, deal: Deal, from_stage: str) -> str | None:
    """Return the stage that moving on leads to; None when there is only a stage to close."""
    following = next_stage(playbook, from_stage)
    if following is None or stages.stage_record(deal, following.key).opened is not None:
        return None
    return following.key


def to_move_on(
    playbook: Playbook, deal: Deal, from_stage: str, to_stage: str | None = None
) -> MoveOn:
    """Return what moving from a stage to `to_stage`, the one after it, takes; None means only to close it."""
    here = gate(playbook, deal, from_stage)
    still_open = open_items(playbook, deal, here.stage)
    if to_stage is None:
        blocking = () if here.exit.passed else here.exit.missing
        return MoveOn(blocking, still_open, closes=True, from_stage=here.stage.key)
    there = gate(playbook, deal, to_stage)
    beside = there.stage.key in here.stage.beside and not here.exit.met
    blocking = () if beside or here.exit.passed else here.exit.missing
    same_fact = there.stage.entry.follows and not beside
    if not there.entry.passed and not same_fact:
        blocking += there.entry.missing
    return MoveOn(blocking, still_open, not beside, here.stage.key, there.stage.key)


def follow_up(playbook: Playbook, deal: Deal) -> bool:
    """Say whether a won deal still makes work: the last stage's exit marker is not met, or something in it is open.

    The customer has paid everything only then (method.md, stage 6); an action that is open is work too.
    """
    if deal.status != "won" or deal.archived:
        return False
    last = playbook.stages[-1]
    passed = _exit(playbook, deal, last).passed
    return not passed or bool(open_items(playbook, deal, last)) or bool(open_actions(deal))


def advance(
    playbook: Playbook, deal: Deal, stamp: Stamp, to: str | None = None, reason: str = ""
) -> Deal:
    """Return the deal one stage on, or in the stage `to`, passing those between.

    The current stage closes unless it may stay open beside the next and its exit marker is not met. After the last stage
    there is only closing. What is missing goes on record with the `reason`; without one GateClosed is raised with all of
    it. Raises DocumentError when all stages are closed or `to` was opened before.
    """
    if applied(deal, stamp):
        return deal
    steps, missing = _way(playbook, deal, to)
    if missing and not reason.strip():
        first = next(step for step in steps if step.blocking)
        code = "gate-closed-exit" if first.closes else "gate-closed-entry"
        stage = first.from_stage if first.closes else first.to_stage
        raise GateClosed(code, missing=_codes(missing), stage=stage)
    doings: list[Callable[[Deal, Stamp], Deal]] = []
    for step in steps:
        if step.closes:
            doings.append(_closing(playbook, step.from_stage, reason))
        if step.to_stage is not None:
            doings.append(_opening(playbook, step.to_stage, reason))
    for number, doing in enumerate(doings, 1):
        deal = doing(deal, stamp if number == len(doings) else stamp.derive(f"advance-{number}"))
    return deal


def open_stage(
    playbook: Playbook, deal: Deal, stage_key: str, stamp: Stamp, reason: str = ""
) -> Deal:
    """Return the deal with a stage open. Raises GateClosed when its entry marker is not met and no reason is given."""
    stage = stage_of(playbook, stage_key)
    entry = _entry(playbook, deal, stage)
    missing = () if entry.passed else _codes(entry.missing)
    return stages.open_stage(deal, stage.key, stamp, missing, reason)


def close_stage(
    playbook: Playbook, deal: Deal, stage_key: str, stamp: Stamp, reason: str = ""
) -> Deal:
    """Return the deal with a stage closed. Raises GateClosed when its exit marker is not met and no reason is given."""
    stage = stage_of(playbook, stage_key)
    missing = _codes(_exit(playbook, deal, stage).missing)
    return stages.close_stage(deal, stage.key, stamp, missing, reason)


def reopen_stage(
    playbook: Playbook, deal: Deal, stage_key: str, stamp: Stamp, reason: str = ""
) -> Deal:
    """Return the deal with a closed stage open again. Raises DocumentError when it was not closed."""
    return stages.reopen_stage(deal, stage_of(playbook, stage_key).key, stamp, reason)


def _closing(playbook: Playbook, stage: str, reason: str) -> Callable[[Deal, Stamp], Deal]:
    return lambda deal, stamp: close_stage(playbook, deal, stage, stamp, reason)


def _opening(playbook: Playbook, stage: str, reason: str) -> Callable[[Deal, Stamp], Deal]:
    return lambda deal, stamp: open_stage(playbook, deal, stage, stamp, reason)


def _way(
    playbook: Playbook, deal: Deal, to: str | None
) -> tuple[list[MoveOn], tuple[Missing, ...]]:
    """Return the single steps from the current stage to `to` and everything that they lack."""
    here = current_stage(playbook, deal)
    if here is None:
        raise DocumentError("all-stages-closed")
    goal = stage_of(playbook, to) if to is not None else None
    if goal is not None:
        _refuse_behind(playbook, deal, goal, here)
    steps: list[MoveOn] = []
    if not stages.stage_record(deal, here.key).is_open:
        entry = _entry(playbook, deal, here)
        blocking = () if entry.passed else entry.missing
        steps.append(MoveOn(blocking, (), closes=False, to_stage=here.key))
        if goal is None or goal.key == here.key:
            return steps, blocking
    while True:
        target = default_target(playbook, deal, here.key)
        if stages.stage_record(deal, here.key).closed is None:
            steps.append(to_move_on(playbook, deal, here.key, target))
        elif target is not None:
            entry = gate(playbook, deal, target).entry
            blocking = () if entry.passed else entry.missing
            steps.append(MoveOn(blocking, (), closes=False, to_stage=target))
        following = next_stage(playbook, here.key)
        if goal is None or following is None or following.key == goal.key:
            return steps, tuple(dict.fromkeys(lack for step in steps for lack in step.blocking))
        here = following


def _refuse_behind(playbook: Playbook, deal: Deal, goal: Stage, here: Stage) -> None:
    found = stages.stage_record(deal, goal.key)
    if found.is_open:
        raise DocumentError("stage-already-open", stage=goal.key)
    if found.closed is not None:
        raise DocumentError("stage-was-closed", stage=goal.key)
    if stage_number(playbook, goal.key) < stage_number(playbook, here.key):
        raise DocumentError("stage-behind", stage=goal.key)


def _codes(missing: tuple[Missing, ...]) -> tuple[str, ...]:
    return tuple(one.code for one in missing)


def marker_home(playbook: Playbook, stage_key: str, side: Side) -> tuple[str, Side]:
    """Return the marker that a coach's verdict on a marker is kept with: the exit that an entry repeats, or itself."""
    before = previous_stage(playbook, stage_key)
    if side == "entry" and before is not None and stage_of(playbook, stage_key).entry.follows:
        return before.key, "exit"
    return stage_key, side


def marker_state(playbook: Playbook, deal: Deal, stage_key: str, side: Side) -> MarkerState:
    """Return what a marker rests on, an exit with the evidence that was given for the entry that repeats it."""
    kept: MarkerState = getattr(stages.stage_record(deal, stage_key), side)
    following = next_stage(playbook, stage_key) if side == "exit" else None
    if following is None or not following.entry.follows:
        return kept
    more = stages.stage_record(deal, following.key).entry.evidence
    return kept.but(evidence=kept.evidence | more) if more else kept


def _exit(playbook: Playbook, deal: Deal, stage: Stage) -> MarkerStatus:
    """Judge an exit marker."""
    own = stages.stage_record(deal, stage.key)
    overridden = own.closed is not None and bool(own.exit.override)
    kept = marker_state(playbook, deal, stage.key, "exit")
    return _judge(playbook, deal, stage, "exit", kept, overridden=overridden)


def _entry(playbook: Playbook, deal: Deal, stage: Stage) -> MarkerStatus:
    """Judge an entry marker; the first stage's is met by the deal itself, which names the customer it is about."""
    own = stages.stage_record(deal, stage.key)
    overridden = own.opened is not None and bool(own.entry.override)
    before = previous_stage(playbook, stage.key)
    if stage.entry.follows and before is not None:
        return _following(_exit(playbook, deal, before), own.entry, overridden=overridden)
    itself = before is None and stage.entry.auto is None
    return _judge(playbook, deal, stage, "entry", own.entry, overridden=overridden, itself=itself)


def _following(leave: MarkerStatus, own: MarkerState, *, overridden: bool) -> MarkerStatus:
    if leave.met:
        how: How = "evidence" if own.evidence else "previous"
        return MarkerStatus(met=True, how=how, check=leave.check)
    passed = overridden or leave.how == "override"
    told = "override" if passed else leave.how
    return MarkerStatus(False, told, leave.check, leave.missing, leave.challenge)  # noqa: FBT003


def _judge(
    playbook: Playbook,
    deal: Deal,
    stage: Stage,
    side: Side,
    kept: MarkerState,
    *,
    overridden: bool,
    itself: bool = False,
) -> MarkerStatus:
    """Judge a marker by its check, by what evidence says and by what a coach said of it.

    `itself` says that the deal alone meets it. A coach's word outlasts what was said against before, not what was said
    after; a challenge lasts until evidence that was recorded later.
    """
    marker: Marker = getattr(stage, side)
    check = run(marker.auto, playbook, deal) if marker.auto else None
    spoken = speaks(kept.evidence, kept.confirmed_at)
    doubt: How | None = None
    if spoken == "against":
        doubt = "against"
    elif kept.challenge and not _answered(kept):
        doubt = "challenged"
    firm = check is not None and bool(check.firm)
    if doubt is None:
        if spoken == "for" and not firm and not (check and check.met):
            return MarkerStatus(met=True, how="evidence", check=check)
        if itself or (check is not None and check.met):
            how: How = "evidence" if itself and spoken == "for" else "data"
            return MarkerStatus(met=True, how=how, check=check)
        if confirmation_stands(kept) and not firm:
            return MarkerStatus(met=True, how="coach", check=check)
    backed = check is not None and spoken == "for"
    missing = _missing(stage, side, check, check.firm if check and backed else None)
    if doubt is not None and not (check and check.firm):
        missing = (Missing("marker", stage.key, stage.key, side),)
    how = "override" if overridden else doubt or "none"
    return MarkerStatus(False, how, check, missing, kept.challenge if doubt else "")  # noqa: FBT003


def _answered(kept: MarkerState) -> bool:
    """Say whether evidence for a challenged marker was recorded after the challenge."""
    since = kept.challenged_at
    return since is not None and any(
        not one.against and one.at > since and enough(one.note, one.document)
        for one in kept.evidence.values()
    )


def _missing(
    stage: Stage, side: Side, check: CheckResult | None, firm: tuple[str, ...] | None
) -> tuple[Missing, ...]:
    if check is None or check.about == "none":
        return (Missing("marker", stage.key, stage.key, side),)
    keys = firm if firm is not None else check.keys
    names = dict(zip(check.keys, check.lacking, strict=True)) if check.about == "contact" else {}
    shows: MissingKind = "basis" if check.about == "question" else "proof"
    return tuple(
        Missing(
            shows if key in check.claimed else check.about,
            key,
            stage.key,
            side,
            names.get(key, ""),
        )
        for key in keys or ("",)
    )
