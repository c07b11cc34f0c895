"""What a rule found, and the ways in which it can be answered: which of them is named on a day, when one was no answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

Severity = Literal["alert", "warning", "hint"]
Again = Literal["", "quiet", "tried"]

PATIENCE_DAYS = 10
"""Days in which nothing happened about a piece of advice, after which the next way is named."""
RESULT_DAYS = 3
"""Days that something which was tried has to bring a result before it counts as tried."""
_SILENCE = 2
"""How many times PATIENCE_DAYS must pass in silence before the last way is named."""
_SHOWN = 2
"""How many of the things tried are told, the latest ones."""

SEVERITIES: tuple[Severity, ...] = ("alert", "warning", "hint")
ORDER = (
    "overdue-action",
    "close-date-past",
    "revisit-due",
    "key-person-cold",
    "key-person-unknown",
    "stalled",
    "gate-open",
    "gate-ready",
    "gate-beside",
    "gate-close",
    "next-item",
    "gate-missing",
    "no-key-contacts",
    "phase-unset",
    "claims-unbacked",
    "no-next-action",
)
"""Rules of the same severity in the order in which a rep would take them up."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One finding as it stands on a day: the rule, how pressing it is, the facts for its sentences, what it is about.

    `params` named stage, next_stage, move, item, role, rung, phase, missing and so on are keys; `coach.tell` puts them
    in words. `way` names the sentence of the way that is advised, where it is not the rule's own; `again` says whether
    an earlier one went unanswered ("quiet") or was tried without a result ("tried"). `counts` are the days from which
    the params of the same names count. `move`, `item` and `contact` say where a front end should lead.
    """

    rule: str
    severity: Severity
    params: dict[str, str] = field(default_factory=dict)
    move: str | None = None
    item: str | None = None
    contact: str | None = None
    way: str = ""
    again: Again = ""
    counts: dict[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to answer a finding: its sentence's name, empty for the rule's own, its facts, and where it leads."""

    name: str = ""
    params: dict[str, str] = field(default_factory=dict)
    move: str | None = None
    item: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found, independent of the day but for `holds_from`, the first day on which it holds.

    `ways` are named one after the other: the next one when nothing happened about the finding for PATIENCE_DAYS after
    `since`, or when something in `tries` (the day and what was done; None where nothing can tell) brought no result.
    `counted` is the day from which the param `days` counts.
    """

    rule: str
    severity: Severity
    ways: tuple[Way, ...]
    since: date
    params: dict[str, str] = field(default_factory=dict)
    holds_from: date = date.min
    counted: date | None = None
    tries: tuple[tuple[date, str], ...] | None = None

    @property
    def rank(self) -> tuple[int, int]:
        """How early it is taken up."""
        return SEVERITIES.index(self.severity), ORDER.index(self.rule)

    @property
    def _start(self) -> date:
        return max(self.since, self.holds_from)

    def turns(self) -> Iterable[date]:
        """Yield the days on which what is advised may change."""
        for number in range(1, len(self.ways)):
            yield later(self._start, number * PATIENCE_DAYS)
        for on, _ in self.tries or ():
            yield later(on, RESULT_DAYS)

    def on(self, today: date) -> Advice:
        """Return the advice of a day on which the finding holds."""
        quiet = max(0, (today - self._start).days)
        tried = [text for day, text in self.tries or () if (today - day).days >= RESULT_DAYS]
        last, waited = len(self.ways) - 1, quiet // PATIENCE_DAYS
        turn = len(tried) + waited
        if turn >= last:
            # What comes last, giving up for now, is said after a silence; who tries on begins again.
            turn = last if waited >= min(_SILENCE, last) else turn % last
        way = self.ways[turn]
        again: Again = "quiet" if waited else "tried" if tried else ""
        counts = {"stood": self._start} if again else {}
        if self.counted is not None:
            counts["days"] = self.counted
        params = self.params | way.params
        if again and self.tries is not None:
            params["tried"] = " / ".join(dict.fromkeys(tried[-_SHOWN:]))
        params |= {name: str(max(0, (today - day).days)) for name, day in counts.items()}
        return Advice(
            self.rule,
            self.severity,
            params,
            way.move,
            way.item,
            way.contact,
            way.name,
            again,
            counts,
        )


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings, the most severe first, then in the order in which a rep would take them up."""
    return sorted(findings, key=lambda one: one.rank)


def first_on(findings: Sequence[Finding], today: date) -> Advice | None:
    """Return the advice of the first of `ranked` findings that holds on a day."""
    found = next((one for one in findings if one.holds_from <= today), None)
    return found.on(today) if found else None


def schedule(findings: Sequence[Finding]) -> list[tuple[date, Advice | None]]:
    """Return what `first_on` gives for every day: the days on which it changes, from `date.min` on, and what it is then.

    Only what counts days (`counts`) differs between one of them and the next.
    """
    days = {date.min}
    for one in findings:
        days |= {one.holds_from, *(day for day in one.turns() if day >= one.holds_from)}
        if one.holds_from == date.min:
            break  # what is less pressing never comes first
    found: list[tuple[date, Advice | None]] = []
    before: object = object()
    for day in sorted(days):
        advice = first_on(findings, day)
        same = _lasting(advice) if advice else None
        if same != before:
            found.append((day, advice))
        before = same
    return found


def later(day: date, days: int) -> date:
    """Return the day so many days later, or the calendar's last one."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max


def _lasting(advice: Advice) -> object:
    params = {name: text for name, text in advice.params.items() if name not in advice.counts}
    return (advice.rule, advice.way, advice.again, advice.counts, params, advice.item)
