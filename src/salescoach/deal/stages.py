"""Stages opened, closed and reopened, what backs their markers, and the answers that judge the opportunity.

These operations record; whether a marker is met is judged from the playbook by `coach.gates`, which passes in what is
`missing`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from salescoach.deal.errors import GateClosed
from salescoach.deal.models import Deal
from salescoach.deal.parts import Answer, MarkerState, Side, StageRecord
from salescoach.document.authors import Author, author, is_among
from salescoach.document.change import applied, brief, fit, key, make, mark, record, required
from salescoach.document.errors import DocumentError, InvalidValue
from salescoach.document.evidence import enough, evidence, gist
from salescoach.document.judging import coach_only, confirmation_stands, confirmed
from salescoach.document.models import NOT_CONFIRMED
from salescoach.document.stamp import Stamp
from salescoach.text import clean

_UNOPENED = StageRecord()

AnswerWord = Literal["yes", "no", "unsure"]


def stage_record(deal: Deal, stage: str) -> StageRecord:
    """Return the record of `stage`; a stage nobody opened has an empty one."""
    return deal.stages.get(stage, _UNOPENED)


def open_stage(
    deal: Deal, stage: str, stamp: Stamp, missing: tuple[str, ...] = (), reason: str = ""
) -> Deal:
    """Return the deal with `stage` open.

    `missing` are the codes of what the entry marker lacks: with a `reason` they go on record, without one GateClosed is
    raised. Raises DocumentError when the stage is open or was closed before.
    """
    if applied(deal, stamp):
        return deal
    old = stage_record(deal, stage)
    if old.is_open:
        raise DocumentError("stage-already-open", stage=stage)
    if old.closed is not None:
        raise DocumentError("stage-was-closed", stage=stage)
    entry = _passed(old.entry, "gate-closed-entry", stage, stamp, missing, reason)
    new = fit(old, opened=stamp.at, entry=entry)
    return _put(deal, stage, stamp, "stage-opened", new, missing, reason)


def close_stage(
    deal: Deal, stage: str, stamp: Stamp, missing: tuple[str, ...] = (), reason: str = ""
) -> Deal:
    """Return the deal with `stage` closed; `missing` and `reason` as for `open_stage`, for the exit marker.

    Raises DocumentError when the stage is not open.
    """
    if applied(deal, stamp):
        return deal
    old = stage_record(deal, stage)
    if not old.is_open:
        raise DocumentError("stage-not-open", stage=stage)
    leave = _passed(old.exit, "gate-closed-exit", stage, stamp, missing, reason)
    new = fit(old, closed=stamp.at, exit=leave)
    return _put(deal, stage, stamp, "stage-closed", new, missing, reason)


def reopen_stage(deal: Deal, stage: str, stamp: Stamp, reason: str = "") -> Deal:
    """Return the deal with a closed `stage` open again. Raises DocumentError when it was not closed."""
    if applied(deal, stamp):
        return deal
    old = stage_record(deal, stage)
    if old.closed is None:
        raise DocumentError("stage-not-closed", stage=stage)
    new = fit(old, closed=None, reopened=stamp.at)
    about = {"stage": stage, "reason": reason}
    return record(deal, stamp, "stage-reopened", about, stages={**deal.stages, stage: new})


def add_marker_evidence(
    deal: Deal,
    stage: str,
    side: Side,
    stamp: Stamp,
    *,
    who: str = "",
    on: date | None = None,
    note: str = "",
    document: str = "",
    against: bool = False,
) -> Deal:
    """Return the deal with evidence for a stage's entry or exit marker, or `against` it.

    Raises InvalidValue for evidence that says nothing or of a day to come.
    """
    if applied(deal, stamp):
        return deal
    piece = evidence(stamp, who=who, on=on, note=note, document=document, against=against)
    old = stage_record(deal, key(stage, "stage"))
    marker = getattr(old, side)
    new = fit(old, **{side: fit(marker, evidence={**marker.evidence, stamp.id: piece})})
    about = {"stage": stage, "side": side, "who": piece.who, "text": gist(piece)}
    what = "marker-evidence-against" if against else "marker-evidence-added"
    return record(deal, stamp, what, about, stages={**deal.stages, stage: new})


def confirm_marker(
    deal: Deal, stage: str, side: Side, stamp: Stamp, *, claimed_by: Iterable[Author] = ()
) -> Deal:
    """Return the deal with a stage's marker confirmed by a coach; that it is met `coach.review` sees to.

    Who is among `claimed_by` confirms what he claimed himself, and it is marked as such. Raises DocumentError when the stamp
    is not a coach's.
    """
    if applied(deal, stamp):
        return deal
    coach_only(stamp)
    marker: MarkerState = getattr(stage_record(deal, stage), side)
    if confirmation_stands(marker):
        return deal
    own = is_among(author(stamp), claimed_by)
    about = {"itself": "yes" if own else ""}
    return _judged(deal, stage, side, stamp, "marker-confirmed", about, confirmed(stamp, own=own))


def challenge_marker(deal: Deal, stage: str, side: Side, stamp: Stamp, reason: str) -> Deal:
    """Return the deal with a stage's marker challenged, until evidence recorded later or a coach answers.

    Raises DocumentError when the stamp is not a coach's, InvalidValue without a reason.
    """
    if applied(deal, stamp):
        return deal
    coach_only(stamp)
    marked = mark(stamp)
    changes: dict[str, object] = {
        "challenge": required(reason, "reason-needed-challenge"),
        "challenged_at": marked["at"],
        "challenged_by": marked["by"],
        **NOT_CONFIRMED,
    }
    about = {"reason": reason}
    return _judged(deal, stage, side, stamp, "marker-challenged", about, changes)


def answer(deal: Deal, question: str, word: AnswerWord, stamp: Stamp, note: str = "") -> Deal:
    """Return the deal with one of the questions that judge the opportunity answered.

    Raises InvalidValue, also for a yes whose `note` does not say what tells us so.
    """
    if applied(deal, stamp):
        return deal
    if word not in {"yes", "no", "unsure"}:
        raise InvalidValue("bad-choice", field="answer", value=word, choices="yes, no, unsure")
    if word == "yes" and not enough(note):
        raise InvalidValue("basis-needed", question=question)
    old = deal.answers.get(question)
    new = make(Answer, answer=word, note=note, **mark(stamp))
    if old is not None:
        if (old.answer, old.note) == (new.answer, new.note):
            return deal
        new = fit(old, answer=word, note=note, **mark(stamp))
    about = {
        "question": question,
        "before": old.answer if old else "",
        "after": word,
        "text": note,
    }
    answers = {**deal.answers, key(question, "question"): new}
    return record(deal, stamp, "answered", about, answers=answers)


def has_basis(given: Answer | None) -> bool:
    """Say whether an answer is a yes with what it rests on."""
    return given is not None and given.answer == "yes" and enough(given.note)


def _judged(
    deal: Deal,
    stage: str,
    side: Side,
    stamp: Stamp,
    what: str,
    about: dict[str, str],
    changes: dict[str, object],
) -> Deal:
    old = stage_record(deal, key(stage, "stage"))
    new = fit(old, **{side: fit(getattr(old, side), **changes)})
    told = {"stage": stage, "side": side} | about
    return record(deal, stamp, what, told, stages={**deal.stages, stage: new})


def _passed(
    marker: MarkerState,
    code: str,
    stage: str,
    stamp: Stamp,
    missing: tuple[str, ...],
    reason: str,
) -> MarkerState:
    if not missing:
        return marker
    if not clean(reason):
        raise GateClosed(code, missing=missing, stage=stage)
    return fit(
        marker,
        override=required(reason, "reason-needed"),
        override_missing=tuple(brief(code) for code in missing),
        override_at=stamp.at,
        override_by=brief(stamp.by),
    )


def _put(
    deal: Deal,
    stage: str,
    stamp: Stamp,
    what: str,
    new: StageRecord,
    missing: tuple[str, ...],
    reason: str,
) -> Deal:
    about = {"stage": stage}
    if missing:
        what += "-regardless"
        about |= {"reason": reason, "missing": " ".join(missing)}
    stages = {**deal.stages, key(stage, "stage"): new}
    return record(deal, stamp, what, about, stages=stages)
