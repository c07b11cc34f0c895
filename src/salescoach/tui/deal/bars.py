"""The lines at the top and the bottom of a deal: what it is, its six stages, the gate, the next step; as spans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.coach.advice import next_steps
from salescoach.coach.gates import gate
from salescoach.coach.progress import deal_progress
from salescoach.coach.tell import advice_text
from salescoach.deal.actions import open_actions
from salescoach.playbook.lookup import fitting
from salescoach.tui.deal.guidance import marker_state
from salescoach.tui.figures import due_mark, full_money
from salescoach.tui.spans import Span, fit, width_of

if TYPE_CHECKING:
    from datetime import date

    from salescoach.deal.models import Deal
    from salescoach.playbook.models import Playbook, Stage
    from salescoach.words import Words

WIDE = 100
"""Cells from which the panel stands beside the checklist and the markers are told in full."""


def title(words: Words, playbook: Playbook, deal: Deal) -> tuple[list[Span], list[Span]]:
    """Return customer and name for the left, money, date, buying phase and status for the right."""
    won = deal.status == "won"
    facts = [full_money(deal.amount, deal.currency)]
    if won and deal.signed_amount is not None:
        facts = [full_money(deal.signed_amount, deal.signed_currency or deal.currency)]
    if won and deal.signed_on:
        facts.append(words("deal.signed-on", on=deal.signed_on.isoformat()))
    elif deal.close_on:
        facts.append(words("deal.expected", on=deal.close_on.isoformat()))
    phases = {phase.key: phase.name.get(words.lang) for phase in playbook.tools.phases.phases}
    if deal.buying_phase:
        facts.append(phases.get(deal.buying_phase, deal.buying_phase))
    status = words("home.status-" + deal.status)
    left = [Span(f" {deal.customer} / {deal.name} ", "heading")]
    right = [Span(f"{fact}  ", "muted") for fact in facts if fact]
    if deal.open_conflicts:
        told = words("deal.conflicts-open", count=len(deal.open_conflicts))
        right.append(Span(f"! {told}  ", "alert", "conflicts"))
    return left, [*right, Span(f"[{status}] ", "strong", "status")]


def stages(words: Words, playbook: Playbook, deal: Deal, shown: Stage, width: int) -> list[Span]:
    """Return the stages with how many moves are done; where they do not fit only the shown one has its name."""
    progress = deal_progress(playbook, deal)
    spans: list[Span] = []
    for named in (True, False):
        spans = [Span(" ")]
        for number, (stage, done) in enumerate(
            zip(playbook.stages, progress.stages, strict=True), start=1
        ):
            record = deal.stages.get(stage.key)
            mark = "" if record is None or not record.opened else ("=" if record.closed else "*")
            name = f" {stage.name.get(words.lang)}" if named or stage is shown else ""
            label = f"{number}{mark}{name} {done.moves_done}/{done.moves_total}"
            style, text = ("tab", f"[{label}]") if stage is shown else ("", f" {label} ")
            spans += [Span(text, style, f"stage({number})"), Span(" ")]
        if width_of(spans) <= width:
            break
    return spans


def gates(words: Words, playbook: Playbook, deal: Deal, stage: Stage, width: int) -> list[Span]:
    """Return both markers of the stage, whether each is met and, as far as there is room, what it says."""
    status = gate(playbook, deal, stage.key)
    sides: list[list[Span]] = []
    for side, marker, found in (
        ("entry", stage.entry, status.entry),
        ("exit", stage.exit, status.exit),
    ):
        told = [
            Span(f" {words('deal.' + side)}: ", "muted", "gate"),
            Span(marker_state(words, found) + "  ", "success" if found.met else "warning", "gate"),
        ]
        text = fitting(marker, words.lang, width // 2 - 1 - width_of(told))
        sides.append([*told, Span(text, "muted", "gate")])
    entry, leave = sides
    if width < WIDE:
        return [*entry[:2], *leave[:2]]
    half = fit(entry, width // 2 - 1)
    return [*half, Span(" " * (width // 2 - width_of(half))), *leave]


def promised(words: Words, deal: Deal, today: date) -> list[Span]:
    """Return the earliest open action, which is what was promised; nothing for a deal that is lost or put away."""
    actions = open_actions(deal)
    if not actions or deal.archived or deal.status == "lost":
        return []
    action = actions[0][1]
    mark, style = due_mark(action.due, today, words)
    spans = [Span(f" {words('home.promised')} ", "strong")]
    spans += [Span(mark + " " if mark else "", style), Span(action.text, "", "actions")]
    if action.owner:
        spans.append(Span(f"  ({action.owner})", "muted"))
    return spans


def next_up(
    words: Words, playbook: Playbook, deal: Deal, today: date, stalled_days: int
) -> list[Span]:
    """Return the step that matters most; for a deal that is lost or put away only that it is."""
    if deal.archived or deal.status == "lost":
        status = "archived" if deal.archived else deal.status
        return [Span(f" {words('home.status-' + status)}", "muted", "status")]
    steps = next_steps(playbook, deal, today, stalled_days=stalled_days)
    spans = [Span(f" {words('home.step')} ", "strong")]
    if steps.step is None:
        if open_actions(deal):
            told = words("deal.only-promised")
        elif deal.status == "nurture" and deal.revisit_on:
            told = words("deal.look-again", on=deal.revisit_on.isoformat())
        else:
            told = words("deal.nothing-next")
        return [*spans, Span(told, "muted")]
    text = advice_text(words, playbook, steps.step)[0]
    return [*spans, Span(text, "", "next_step"), Span("  " + words("deal.why-key"), "muted")]
