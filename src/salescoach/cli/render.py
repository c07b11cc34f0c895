"""Writes a deal and a stage's checklist as text for people; `show` is its only user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.cli.format import day, due, money, share, short_id
from salescoach.text import local_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from salescoach.cli.context import Context
    from salescoach.cli.output import Part
    from salescoach.coach.gates import MarkerStatus
    from salescoach.coach.progress import MoveProgress, StageProgress
    from salescoach.deal.models import Deal
    from salescoach.deal.parts import Side
    from salescoach.document.models import Evidence
    from salescoach.playbook.models import Move, Place, Stage, Texts

_NOTES = 5
"""How many of the latest notes the overview shows."""


def write_deal(context: Context, deal: Deal) -> None:
    """Write header, next step, conflicts, stages, what is open or backed in the open ones, actions, contacts and notes."""
    from salescoach.coach.progress import deal_progress, open_stages

    progress = deal_progress(context.playbook, deal)
    _header(context, deal, share(progress.moves_done, progress.moves_total))
    _next(context, deal)
    _conflicts(context, deal)
    _title(context, "stages")
    opened = {stage.key for stage in open_stages(context.playbook, deal)}
    for entry in progress.stages:
        _stage_line(context, deal, entry, is_open=entry.stage.key in opened)
    for entry in progress.stages:
        if entry.stage.key in opened:
            _open_stage(context, deal, entry)
    _retired(context, deal)
    _actions(context, deal)
    _contacts(context, deal)
    _notes(context, deal)


def write_stage(context: Context, deal: Deal, stage: Stage) -> None:
    """Write a stage's purpose, its gate, and every move with guidance, items and their evidence."""
    from salescoach.coach.progress import deal_progress

    lang, out = context.lang, context.out
    progress = deal_progress(context.playbook, deal).of(stage.key)
    out.line(f"{deal.name} · {deal.customer}")
    name = f"{progress.number} {stage.name.get(lang)}"
    out.line((name, "bold"), "  ", share(progress.moves_done, progress.moves_total))
    out.block(stage.purpose.get(lang), indent=2)
    _gate(context, deal, stage)
    for move in progress.moves:
        if not move.applies:
            continue
        out.line()
        _move_line(context, move)
        _guidance(context, move.move)
        for item in move.move.items:
            if deal.kind in item.kinds:
                _item(context, deal, context.playbook.places[item.key], hints=True)
    out.line()
    out.tell((context.words("marks.legend"), "dim"))


def _title(context: Context, name: str) -> None:
    context.out.line()
    context.out.line((context.words(f"cli.title-{name}"), "bold"))


def _header(context: Context, deal: Deal, moves: str) -> None:
    from salescoach.cli.phase import phase_name

    words, out = context.words, context.out
    out.line((deal.name, "bold"), f" · {deal.customer}")
    status = words(f"cli.status-{deal.status}")
    if deal.status_reason:
        status += f" ({deal.status_reason})"
    if deal.revisit_on:
        status += f" · {words('cli.revisit')} {day(deal.revisit_on)}"
    if deal.archived:
        status += f" · {words('cli.archived')}"
    signed = (
        deal.signed_what,
        day(deal.signed_on),
        money(deal.signed_amount, deal.signed_currency or deal.currency),
    )
    facts = (
        ("id", deal.id),
        ("status", status),
        ("signed", " · ".join(filter(None, signed))),
        ("kind", words(f"cli.kind-{deal.kind}")),
        ("owner", deal.owner),
        ("amount", money(deal.amount, deal.currency)),
        ("close", day(deal.close_on)),
        ("phase", phase_name(context, deal.buying_phase)),
        ("moves", moves),
    )
    for name, value in facts:
        if value:
            out.line((f"{words(f'cli.head-{name}')}: ", "dim"), value, indent=2)


def _next(context: Context, deal: Deal) -> None:
    from salescoach.cli.next import today_steps
    from salescoach.coach.tell import advice_text

    words, steps = context.words, today_steps(context, deal)
    for label, step, style in (
        ("promised", steps.promised, "bad"),
        ("step", steps.step, "accent"),
    ):
        if step is not None:
            text, why = advice_text(words, context.playbook, step)
            context.out.line()
            context.out.line((f"> {words('home.' + label)} ", style), (text, style))
            context.out.line((why, "dim"), indent=2)


def _conflicts(context: Context, deal: Deal) -> None:
    from salescoach.cli.conflicts import write_conflicts

    if deal.open_conflicts:
        _title(context, "conflicts")
        write_conflicts(context, deal, indent=2)


def _stage_line(context: Context, deal: Deal, entry: StageProgress, *, is_open: bool) -> None:
    from salescoach.coach.gates import gate
    from salescoach.deal.stages import stage_record

    words, record = context.words, stage_record(deal, entry.stage.key)
    state = "open" if is_open else "closed-state" if record.closed else "ahead"
    markers = gate(context.playbook, deal, entry.stage.key)
    style = "bold" if is_open else "good" if record.closed else "dim"
    context.out.line(
        (f"{entry.number} {entry.stage.name.get(context.lang)}", style),
        f"  {share(entry.moves_done, entry.moves_total)}  {words(f'cli.stage-{state}')}",
        f"  {words('cli.entry')} {_met(context, markers.entry)}",
        f"  {words('cli.exit')} {_met(context, markers.exit)}",
        indent=2,
    )


def _met(context: Context, status: MarkerStatus) -> str:
    if status.met:
        return context.words(f"cli.met-{status.how}")
    return context.words("cli.unmet" if status.how == "none" else f"cli.met-{status.how}")


def _open_stage(context: Context, deal: Deal, entry: StageProgress) -> None:
    """Write the gate of an open stage and its moves' items."""
    context.out.line()
    name = f"{entry.number} {entry.stage.name.get(context.lang)}"
    context.out.line((name, "bold"))
    _gate(context, deal, entry.stage)
    for move in entry.moves:
        if move.applies:
            _move_line(context, move)
            for item in move.move.items:
                if deal.kind in item.kinds:
                    _item(context, deal, context.playbook.places[item.key], hints=False)


def _gate(context: Context, deal: Deal, stage: Stage) -> None:
    from salescoach.coach.gates import gate
    from salescoach.coach.tell import missing_text, reason_text
    from salescoach.deal.stages import stage_record

    words, lang, out = context.words, context.lang, context.out
    markers, record = gate(context.playbook, deal, stage.key), stage_record(deal, stage.key)
    sides: tuple[Side, Side] = ("entry", "exit")
    for side in sides:
        status: MarkerStatus = getattr(markers, side)
        kept = getattr(record, side)
        style = "good" if status.met else "warning"
        text = getattr(stage, side).text.get(lang)
        out.line(
            (words(f"cli.{side}"), style), f": {text}  ", (_met(context, status), style), indent=2
        )
        _evidence(context, kept.evidence, indent=6)
        if status.challenge:
            out.line((words("cli.challenged", reason=status.challenge), "warning"), indent=6)
        if kept.confirmed_at:
            word = "cli.self-confirmed-by" if kept.self_confirmed else "cli.confirmed-by"
            out.line((words(word, by=kept.confirmed_by), "dim"), indent=6)
        if kept.override:
            reason = reason_text(words, kept.override)
            word = "cli.override-by" if kept.override_by else "cli.override"
            out.line(words(word, reason=reason, by=kept.override_by), indent=6)
        for lack in status.missing if record.opened or side == "entry" else ():
            out.line(("- " + missing_text(words, context.playbook, lack), "dim"), indent=6)


def _move_line(context: Context, move: MoveProgress) -> None:
    context.out.line(
        (f"{move.number} {move.move.name.get(context.lang)}", "bold"),
        f"  {share(move.items_done, move.items_total)}",
        indent=2,
    )


def _guidance(context: Context, move: Move) -> None:
    words, lang, out = context.words, context.lang, context.out
    out.block(move.purpose.get(lang), indent=4)
    sections: Mapping[str, Texts] = {
        "how": move.how,
        "pitfalls": move.pitfalls,
        "questions": move.questions,
    }
    for name, texts in sections.items():
        out.line((words(f"cli.title-{name}"), "dim"), indent=4)
        for text in texts:
            out.line(f"- {text.get(lang)}", indent=6)


def _item(context: Context, deal: Deal, place: Place, *, hints: bool) -> None:
    from salescoach.coach.names import state_mark
    from salescoach.coach.progress import item_status
    from salescoach.deal.items import state_of

    words, lang, out = context.words, context.lang, context.out
    status, kept = item_status(context.playbook, deal, place), state_of(deal, place.item.key)
    styles = {"open": "", "claimed": "warning", "contradicted": "bad", "not_applicable": "dim"}
    style = styles.get(status.state, "good")
    line: list[Part] = [
        (state_mark(words, status.state, by_data=status.by_data), style),
        f" {place.number} {place.item.text.get(lang)}",
    ]
    if not place.item.required:
        line.append((f" {words('cli.optional')}", "dim"))
    if status.by_data:
        line.append((f" {words('cli.by-data')}", "dim"))
    if status.short:
        line.append((f" {status.detail}", "warning"))
    if kept.self_confirmed:
        line.append((f" ({words('fields.self_confirmed')})", "warning"))
    if kept.reason:
        line.append((f" ({kept.reason})", "dim"))
    out.line(*line, indent=4)
    if hints and place.item.hint:
        out.line((place.item.hint.get(lang), "dim"), indent=9)
    if kept.challenge:
        out.line((words("cli.challenged", reason=kept.challenge), "warning"), indent=9)
    _evidence(context, kept.evidence, indent=9)


def _evidence(context: Context, evidence: Mapping[str, Evidence], *, indent: int) -> None:
    for key, piece in evidence.items():
        speaks = context.words("fields.against") if piece.against else ""
        parts = (day(piece.on), speaks, piece.who, piece.note, piece.document)
        text = " · ".join(filter(None, parts))
        context.out.line((short_id(key), "dim"), f" {text}", indent=indent)


def _retired(context: Context, deal: Deal) -> None:
    from salescoach.coach.names import state_mark
    from salescoach.coach.progress import retired, retired_stages

    keys, stages = retired(context.playbook, deal), retired_stages(context.playbook, deal)
    if not keys and not stages:
        return
    _title(context, "retired")
    for key in stages:
        record = deal.stages[key]
        opened, closed = (day(at.date()) if at else "?" for at in (record.opened, record.closed))
        text = context.words("deal.stage-retired", key=key, opened=opened, closed=closed)
        context.out.line(text, indent=2)
        for marker in (record.entry, record.exit):
            _evidence(context, marker.evidence, indent=7)
    for key in keys:
        state = deal.items[key]
        context.out.line(state_mark(context.words, state.state), f" {key}", indent=2)
        _evidence(context, state.evidence, indent=7)


def _actions(context: Context, deal: Deal) -> None:
    from salescoach.deal.actions import open_actions

    actions = open_actions(deal)
    if not actions:
        return
    _title(context, "actions")
    for key, action in actions:
        # Nothing is waited for in a deal that is lost or put away.
        waiting = not deal.archived and deal.status != "lost"
        when = due(action.due, context.today, context.words) if waiting else ""
        late = waiting and action.due is not None and action.due < context.today
        people = ", ".join(filter(None, (action.owner, action.agreed_with)))
        context.out.line(
            (short_id(key), "dim"),
            f" {action.text}  ",
            (" ".join(filter(None, (day(action.due), when))), "bad" if late else ""),
            (f"  ({people})" if people else "", "dim"),
            indent=2,
        )


def _contacts(context: Context, deal: Deal) -> None:
    from salescoach.cli.person_table import write_people

    if deal.contacts:
        _title(context, "contacts")
        write_people(context, deal)


def _notes(context: Context, deal: Deal) -> None:
    from salescoach.deal.notes import newest_first

    notes = newest_first(deal)[:_NOTES]
    if not notes:
        return
    _title(context, "notes")
    for _, note in notes:
        who = deal.contacts.get(note.contact or "")
        parts = filter(None, (local_time(note.at), note.by, who.name if who else ""))
        context.out.line((" ".join(parts), "dim"), indent=2)
        context.out.block(note.text, indent=4)
