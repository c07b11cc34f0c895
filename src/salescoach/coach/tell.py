"""Puts advice, timeline events, missing things and refusals into words; pure, in the language of the `Words` it gets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from salescoach.deal.identity import UNDER_WAY
from salescoach.playbook.errors import Unknown
from salescoach.playbook.lookup import stage_number
from salescoach.playbook.models import Entry, Playbook
from salescoach.text import clean
from salescoach.words import LANGS, Words

if TYPE_CHECKING:
    from salescoach.coach.advice import Advice
    from salescoach.coach.gates import Missing
    from salescoach.deal.models import Deal, Event

_DETAILS = ("who", "text", "roles", "reason")
"""What an event's sentence does not name itself goes to its end, in this order."""
_EVENT_PARAMS = (
    "text",
    "stage",
    "item",
    "question",
    "contact",
    "fields",
    "before",
    "after",
    "side",
    "rung",
    "rung_before",
    "style",
    "phase",
    "phase_before",
    "due",
    "until",
    "who",
    "roles",
    "reason",
)
_STAGES = 6
"""How many stages the method has, for an error about them that is told without a playbook."""
_VARIANTS = {
    "nurtured": ("until",),
    "action-added": ("due",),
    "noted": ("contact", "item"),
}
"""Events with another sentence (`<event>-<param>`) where they carry the param."""


class Coded(Protocol):
    """An error with a code and the params of its sentence."""

    code: str
    params: dict[str, object]


def advice_text(words: Words, playbook: Playbook, advice: Advice) -> tuple[str, str]:
    """Return what to do and why."""
    params = {
        name: _named(words, playbook, name, value, advice.params.get("name", ""))
        for name, value in advice.params.items()
    }
    return _advice(words, advice.rule, params)


def stored_params(playbook: Playbook, advice: Advice) -> dict[str, str]:
    """Return the params of an advice with every key also in words (`stage.zh`, `stage.en`).

    They are for the index: `stored_advice_text` tells the advice from them without a playbook.
    """
    stored = dict(advice.params)
    for lang in LANGS:
        words = Words(lang)
        for name, value in advice.params.items():
            told = _named(words, playbook, name, value, advice.params.get("name", ""))
            if told != value:
                stored[f"{name}.{lang}"] = told
    return stored


def stored_advice_text(words: Words, rule: str, params: Mapping[str, str]) -> tuple[str, str]:
    """Return what to do and why from what `stored_params` gave."""
    told = {
        name: params.get(f"{name}.{words.lang}", value)
        for name, value in params.items()
        if "." not in name
    }
    return _advice(words, rule, told)


def event_text(words: Words, playbook: Playbook, event: Event) -> str:
    """Return one line of the timeline; an event of a later program is told as far as it can be."""
    about = event.about
    name = event.what
    for variant in _VARIANTS.get(name, ()):
        if about.get(variant):
            name = f"{name}-{variant}"
            break
    sentence = _sentence(words, name)
    if sentence is None:
        rest = words("events.detail-separator").join(filter(None, about.values()))
        return words("events.unknown", what=event.what, detail=_detail(words, rest))
    params = {
        key: _named(words, playbook, key, about.get(key, ""), about.get("fields", ""))
        for key in _EVENT_PARAMS
    }
    if name == "answered":
        params["after"] = _value(words, "answer", about.get("after", ""))
    changed = about.get("before") or about.get("after")
    params["change"] = (
        words("events.change", before=params["before"], after=params["after"]) if changed else ""
    )
    details = [params[key] for key in _DETAILS if about.get(key) and f"{{{key}}}" not in sentence]
    params["detail"] = _detail(words, words("events.detail-separator").join(details))
    return words(f"events.{name}", **params)


def missing_text(
    words: Words, playbook: Playbook, missing: Missing | str, deal: Deal | None = None
) -> str:
    """Return what a gate lacks. A code on record needs the `deal` where it is about a contact."""
    if isinstance(missing, str):
        kind, _, key = missing.partition(":")
        found = deal.contacts.get(key) if deal else None
        return _missing(words, playbook, kind, key, name=found.name if found else "")
    key = f"{missing.key}/{missing.side}" if missing.kind == "marker" else missing.key
    marker = _marker(words, playbook, missing.stage, missing.side)
    return _missing(words, playbook, missing.kind, key, name=missing.name, marker=marker)


def reason_text(words: Words, reason: str) -> str:
    """Return the reason on record for going on without a marker; the program's own is put in words."""
    return words("gates.under-way") if reason == UNDER_WAY else reason


def error_text(
    words: Words, error: Coded | Unknown, playbook: Playbook | None = None, deal: Deal | None = None
) -> str:
    """Return a refusal as one line with its mend; keys are told by their names where the playbook is given."""
    if isinstance(error, Unknown):
        code, area = f"unknown-{error.kind}", "errors"
        count = len(playbook.stages) if playbook else _STAGES
        raw: Mapping[str, object] = {"asked": clean(error.asked)[:80], "count": count}
    else:
        code, area, raw = error.code, getattr(error, "area", "errors"), error.params
    params = {name: _error_param(words, playbook, name, value) for name, value in raw.items()}
    try:
        line = words(f"{area}.{code}", **params)
    except (KeyError, ModuleNotFoundError):
        line = words("errors.unknown", code=code)
    missing: tuple[str, ...] = getattr(error, "missing", ())
    if missing and playbook is not None:
        told = [missing_text(words, playbook, one, deal) for one in missing]
        line += " " + words("errors.missing", missing=_join(words, told))
    near: tuple[str, ...] = getattr(error, "near", ())
    if near:
        line += " " + words("errors.near", near=_join(words, near))
    return line


def _advice(words: Words, rule: str, params: dict[str, str]) -> tuple[str, str]:
    return words(f"advice.{rule}", **params), words(f"advice.{rule}-why", **params)


def _error_param(words: Words, playbook: Playbook | None, name: str, value: object) -> object:
    if name == "field":
        return _word(words, str(value))
    if name in _NAMES and playbook is not None and isinstance(value, str):
        return _NAMES[name](words, playbook, value)
    return value


def _detail(words: Words, detail: str) -> str:
    return words("events.detail", detail=detail) if detail else ""


def _sentence(words: Words, name: str) -> str | None:
    try:
        return words(f"events.{name}")
    except KeyError:
        return None


def _join(words: Words, parts: Iterable[str]) -> str:
    return words("fields.list-separator").join(parts)


def _named(words: Words, playbook: Playbook, name: str, value: str, context: str) -> str:
    """Return a param's value in words; `context` is a contact's name, or the field that a change is about."""
    if name == "missing":
        kind, _, key = value.partition(":")
        return _missing(words, playbook, kind, key, name=context)
    if name in {"before", "after"}:
        return _value(words, context, value)
    if name == "fields":
        return _join(words, (_word(words, one) for one in value.split()))
    if name == "roles":
        return _join(words, (_role(words, playbook, one) for one in value.split()))
    if name == "side":
        return _word(words, f"side-{value}")
    if name == "reason":
        return reason_text(words, value)
    teller = _NAMES.get(name)
    return teller(words, playbook, value) if teller else value


def _word(words: Words, name: str) -> str:
    try:
        return words(f"fields.{name}")
    except KeyError:
        return name


def _value(words: Words, field: str, value: str) -> str:
    if not value:
        return words("fields.empty-value")
    label = f"{field}-{value}"
    told = _word(words, label)
    return value if told == label else told


def _stage(words: Words, playbook: Playbook, key: str) -> str:
    for number, stage in enumerate(playbook.stages, 1):
        if stage.key == key:
            return f"{number} {stage.name.get(words.lang)}"
    return key


def _move(words: Words, playbook: Playbook, key: str) -> str:
    for number, stage in enumerate(playbook.stages, 1):
        for place, move in enumerate(stage.moves, 1):
            if move.key == key:
                return f"{number}.{place} {move.name.get(words.lang)}"
    return key


def _item(words: Words, playbook: Playbook, key: str) -> str:
    place = playbook.places.get(key)
    if place is not None:
        return place.item.text.get(words.lang)
    return words("events.retired", key=key) if key else ""


def _entry(words: Words, entries: Iterable[Entry], key: str) -> str:
    return next((one.name.get(words.lang) for one in entries if one.key == key), key)


def _role(words: Words, playbook: Playbook, key: str) -> str:
    return _entry(words, playbook.tools.organisation.roles, key)


def _rung(words: Words, playbook: Playbook, key: str) -> str:
    ladder = playbook.tools.relationship
    return _entry(words, (ladder.none, *ladder.rungs), key or ladder.none.key)


def _phase(words: Words, playbook: Playbook, key: str) -> str:
    return _entry(words, playbook.tools.phases.phases, key) or words("fields.empty-value")


def _style(words: Words, playbook: Playbook, key: str) -> str:
    return _entry(words, playbook.tools.styles.styles, key)


def _question(words: Words, playbook: Playbook, key: str) -> str:
    return _entry(words, playbook.tools.opportunity.questions, key)


_NAMES: dict[str, Callable[[Words, Playbook, str], str]] = {
    "stage": _stage,
    "next_stage": _stage,
    "move": _move,
    "item": _item,
    "role": _role,
    "rung": _rung,
    "rung_before": _rung,
    "phase": _phase,
    "phase_before": _phase,
    "style": _style,
    "question": _question,
}


def _marker(words: Words, playbook: Playbook, stage: str, side: str) -> str:
    for one in playbook.stages:
        if one.key == stage:
            return (one.entry if side == "entry" else one.exit).text.get(words.lang)
    return stage


def _missing(
    words: Words, playbook: Playbook, kind: str, key: str, *, name: str, marker: str = ""
) -> str:
    if kind == "marker":
        stage, _, side = key.partition("/")
        try:
            number: object = stage_number(playbook, stage)
        except Unknown:
            number = stage
        told = _marker(words, playbook, stage, side)
        return words(
            f"gates.missing-marker-{'entry' if side == 'entry' else 'exit'}",
            number=number,
            marker=told,
        )
    if kind == "question":
        return words("gates.missing-question", question=_question(words, playbook, key))
    if kind == "contact":
        if not key:
            return words("gates.missing-contact-none")
        who = name or words("gates.somebody")
        if marker:
            return words("gates.missing-contact", contact=who, marker=marker)
        return words("gates.missing-contact-bare", contact=who)
    if kind == "field":
        return words("gates.missing-field", field=_word(words, key))
    if kind == "item":
        return words("gates.missing-item", item=_item(words, playbook, key))
    return f"{kind}:{key}" if key else kind
