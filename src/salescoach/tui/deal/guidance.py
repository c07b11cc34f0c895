"""What the panel beside a checklist tells: guidance, evidence and notes, tools, the gate; as paragraphs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from salescoach.coach import names
from salescoach.coach.gates import gate
from salescoach.coach.tell import missing_text
from salescoach.deal.stages import has_basis
from salescoach.document.evidence import latest
from salescoach.text import local_time
from salescoach.tui.widgets.panel import BLANK, Para

if TYPE_CHECKING:
    from salescoach.coach.gates import MarkerStatus
    from salescoach.coach.progress import ItemStatus
    from salescoach.customer.models import RungStep
    from salescoach.deal.models import Deal
    from salescoach.deal.parts import Answer, ItemState, MarkerState
    from salescoach.document.models import Evidence
    from salescoach.playbook.models import Item, Move, Playbook, Stage, Text
    from salescoach.words import Words


def _list(words: Words, title: str, texts: Iterable[Text]) -> list[Para]:
    lines = [Para(text.get(words.lang), "", "- ") for text in texts]
    return [BLANK, Para(words(title), "heading"), *lines] if lines else []


def move_paras(words: Words, move: Move, number: str) -> list[Para]:
    """Tell a move: purpose, how, pitfalls, the coach's questions."""
    lang = words.lang
    return [
        Para(f"{number} {move.name.get(lang)}", "heading"),
        Para(move.purpose.get(lang)),
        *_list(words, "deal.how", move.how),
        *_list(words, "deal.pitfalls", move.pitfalls),
        *_list(words, "deal.questions", move.questions),
    ]


def item_paras(
    words: Words,
    playbook: Playbook,
    item: Item,
    move: Move,
    number: str,
    status: ItemStatus,
    state: ItemState | None,
) -> list[Para]:
    """Tell an item, what a coach objects to it, what counts, how far it is, then its move."""
    lang = words.lang
    paras = [Para(item.text.get(lang), "strong"), *_objection(words, state)]
    if status.state == "contradicted":
        paras.append(Para(words("deal.contradicted"), "warning", "! ", "alert"))
        said = state and latest(state.evidence)
        if said:
            paras += _evidence_lines(words, [said])
    if item.hint:
        paras.append(Para(item.hint.get(lang), "", words("deal.hint") + " ", "accent"))
    paras.append(Para(words("deal.wants-" + item.evidence), "muted"))
    paras += _by_data(words, playbook, item, status)
    return [*paras, BLANK, *move_paras(words, move, number)]


def _by_data(words: Words, playbook: Playbook, item: Item, status: ItemStatus) -> list[Para]:
    """Tell what the data that an item is checked by say, and who or what is lacking."""
    check = status.check
    if check is None:
        return []
    told = words("deal.by-data", detail=status.detail)
    paras = [Para(told, "success" if check.met else "warning")]
    if status.short:
        paras.append(Para(words("deal.only-claimed"), "warning"))
    if check.lacking:
        named = {
            "question": lambda key: names.question(words, playbook, key).rstrip("？?"),
            "field": lambda key: names.word(words, key),
        }.get(check.about, str)
        who = names.join(words, map(named, check.lacking))
        paras.append(Para(words("deal.lacking", who=who), "warning"))
    if item.auto == "four-questions":
        paras.append(Para(words("deal.questions-key"), "muted"))
    return paras


def _objection(words: Words, state: ItemState | None) -> list[Para]:
    if state is None or not state.challenge:
        return []
    return [Para(words("deal.challenged", reason=state.challenge), "warning", "! ", "alert")]


def _evidence_lines(words: Words, entries: Iterable[Evidence]) -> list[Para]:
    paras: list[Para] = []
    for entry in entries:
        head = "  ".join(
            part
            for part in (entry.on.isoformat() if entry.on else "", entry.who, entry.document)
            if part
        )
        mark = words("deal.speaks-against") if entry.against else "+ "
        paras.append(Para(head or local_time(entry.at), "accent", mark, "alert" * entry.against))
        if entry.note:
            paras.append(Para(entry.note, "", "  "))
        paras.append(
            Para(words("deal.recorded", by=entry.by or "-", at=local_time(entry.at)), "muted", "  ")
        )
    return paras


def evidence_paras(words: Words, deal: Deal, item: str) -> list[Para]:
    """Tell everything that backs an item, and the notes on it."""
    state = deal.items.get(item)
    paras: list[Para] = [Para(words("deal.evidence"), "heading")]
    if state is not None and state.evidence:
        paras += _evidence_lines(words, sorted(state.evidence.values(), key=lambda entry: entry.at))
    else:
        paras.append(Para(words("deal.no-evidence"), "muted"))
    if state is not None and state.state == "not_applicable":
        paras.append(Para(words("deal.na-because", reason=state.reason), "warning"))
    paras += _objection(words, state)
    if state is not None:
        paras += _confirmation(words, state)
    notes = sorted(
        (note for note in deal.notes.values() if note.item == item), key=lambda note: note.at
    )
    if notes:
        paras += [BLANK, Para(words("deal.notes"), "heading")]
    for note in notes:
        paras += [
            Para(note.text, "", "- "),
            Para(f"{note.by}  {local_time(note.at)}", "muted", "  "),
        ]
    return paras


def gate_paras(words: Words, playbook: Playbook, deal: Deal, stage: Stage) -> list[Para]:
    """Tell a stage's markers: what each asks, whether it is met and by what, what is missing."""
    status = gate(playbook, deal, stage.key)
    record = deal.stages.get(stage.key)
    paras = [Para(stage.name.get(words.lang), "heading"), Para(stage.purpose.get(words.lang))]
    paras += [Para(point.get(words.lang), "muted", "- ") for point in stage.points]
    for side, marker, found in (
        ("entry", stage.entry, status.entry),
        ("exit", stage.exit, status.exit),
    ):
        paras += [
            BLANK,
            Para(words("deal.gate-" + side), "heading"),
            Para(marker.text.get(words.lang)),
        ]
        paras.append(Para(marker_state(words, found), "success" if found.met else "warning"))
        if not found.met:
            paras.append(Para(marker.ask.get(words.lang), "muted"))
        paras += [
            Para(missing_text(words, playbook, missing, deal), "", "! ", "alert")
            for missing in found.missing
        ]
        if record is not None:
            paras += _marker_record(words, record.entry if side == "entry" else record.exit)
    return paras


def marker_state(words: Words, status: MarkerStatus) -> str:
    """Say in a few words whether a marker is met and by what."""
    if not status.met:
        own = {"override": "overridden-short", "against": "marker-against"}
        own["challenged"] = "marker-challenged"
        return words("deal." + own.get(status.how, "not-met"))
    told = words("deal.met-" + status.how)
    return (
        f"{told} ({status.check.have}/{status.check.need})"
        if status.how == "data" and status.check
        else told
    )


def answer_told(words: Words, given: Answer | None) -> tuple[str, str]:
    """Return an answer in words with its style; a yes that rests on nothing says so."""
    if given is None:
        return words("deal.unanswered"), "muted"
    said = words("deal.answer-" + given.answer)
    if given.answer == "yes" and not has_basis(given):
        return words("deal.answer-no-basis", answer=said), "warning"
    return said, {"yes": "success", "no": "alert", "unsure": "warning"}[given.answer]


def verdict_paras(words: Words, part: MarkerState | RungStep) -> list[Para]:
    """Tell what a coach said of a marker or a rung: his objection, or that he agreed."""
    if not part.challenge:
        return _confirmation(words, part)
    told = words("deal.challenged", reason=part.challenge)
    return [Para(told, "warning", "! ", "alert")]


def _confirmation(words: Words, part: ItemState | MarkerState | RungStep) -> list[Para]:
    if part.confirmed_at is None:
        return []
    word = "deal.self-confirmed-by" if part.self_confirmed else "deal.confirmed-by"
    told = words(word, by=part.confirmed_by or "-", at=local_time(part.confirmed_at))
    return [Para(told, "warning" if part.self_confirmed else "success")]


def _marker_record(words: Words, state: MarkerState) -> list[Para]:
    paras = _evidence_lines(words, state.evidence.values()) + verdict_paras(words, state)
    if state.override:
        by, at = (
            state.override_by or "-",
            local_time(state.override_at) if state.override_at else "",
        )
        paras.append(Para(words("deal.overridden", by=by, at=at, reason=state.override), "warning"))
    return paras
