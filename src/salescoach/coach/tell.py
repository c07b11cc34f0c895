"""Puts advice, timeline events, missing things and refusals into words; pure, in the language of the `Words` it gets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from json import dumps
from typing import TYPE_CHECKING, Protocol

from salescoach.coach import names
from salescoach.deal.identity import UNDER_WAY
from salescoach.document.undo import TRAVELS
from salescoach.playbook.errors import Unknown
from salescoach.playbook.lookup import stage_number
from salescoach.playbook.models import Playbook
from salescoach.text import clean, local_time
from salescoach.words import LANGS, Words
from salescoach.words import advice as advices

if TYPE_CHECKING:
    from pydantic import JsonValue

    from salescoach.coach.findings import Advice
    from salescoach.coach.gates import Missing
    from salescoach.deal.models import Deal
    from salescoach.document.models import Conflict, Document, Event

_DETAILS = ("who", "text", "roles", "reason")
"""What an event's sentence does not name itself goes to its end, in this order."""
_EVENT_PARAMS = (
    "text",
    "stage",
    "item",
    "question",
    "contact",
    "customer",
    "other",
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
    "outcome",
    "until",
    "on",
    "who",
    "roles",
    "reason",
    "count",
)
_BESIDE = (
    "reason",
    "status_reason",
    "challenge",
    "revisit_on",
    "signed_what",
    "signed_on",
    "signed_amount",
    "signed_currency",
    "override",
    "note",
)
"""What is told with a conflict's value when it goes along."""
_INSTANTS = frozenset({"opened", "closed", "reopened", "done_at", "confirmed_at"})
_FLAGS = frozenset({"guide", "key"})
"""Fields that an edit changes between yes and no."""
_DIGITS = 16
"""An amount with more is no money, whatever a file says, and is not written out."""
_STAGES = 6
"""How many stages the method has, for an error about them that is told without a playbook."""
_VARIANTS = {
    "nurtured": ("until",),
    "won": ("on",),
    "action-added": ("due",),
    "noted": ("contact", "item"),
    "confirmed": ("itself",),
    "marker-confirmed": ("itself",),
    "rung-confirmed": ("itself",),
    "action-done": ("outcome",),
    "merged": ("count",),
}
"""Events with another sentence (`<event>-<param>`) where they carry the param."""


class Coded(Protocol):
    """An error with a code and the params of its sentence."""

    code: str
    params: dict[str, object]


def advice_text(words: Words, playbook: Playbook, advice: Advice) -> tuple[str, str]:
    """Return what to do and why."""
    params = _advice_params(words, playbook, advice)
    return advices.tell(words, advice.rule, advice.way, advice.again, params)


def stored_advice(playbook: Playbook, advice: Advice) -> dict[str, object]:
    """Return a piece of advice for the index, which tells it on any day without a playbook: see `workspace.lists.steps`.

    Its params are in words, each by language (`stage.zh`, `stage.en`) where the languages differ; `counts` are the ISO
    dates from which the params of the same names count days.
    """
    first, *others = [_advice_params(Words(lang), playbook, advice) for lang in LANGS]
    stored = {}
    for name, text in first.items():
        if all(told[name] == text for told in others):
            stored[name] = text
        else:
            both = zip(LANGS, (first, *others), strict=True)
            stored |= {f"{name}.{lang}": told[name] for lang, told in both}
    return {
        "rule": advice.rule,
        "way": advice.way,
        "again": advice.again,
        "params": stored,
        "counts": {name: day.isoformat() for name, day in advice.counts.items()},
    }


def _advice_params(words: Words, playbook: Playbook, advice: Advice) -> dict[str, str]:
    params = {
        name: _named(words, playbook, name, value, advice.params.get("name", ""))
        for name, value in advice.params.items()
    }
    if "contact" in params:
        params["who"] = " ".join(filter(None, (params.get("role"), params["contact"])))
    if "through" in params:
        params["through"] = words(f"advice.through-{params['through']}")
    return params


def event_text(words: Words, playbook: Playbook, event: Event) -> str:
    """Return one line of the timeline; an event of a later program is told as far as it can be."""
    about = event.about
    name = event.what
    if name in TRAVELS:
        return _travel_text(words, playbook, event)
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
        params["after"] = names.value(words, "answer", about.get("after", ""))
    if name == "conflict-settled":
        field = about.get("fields", "").rpartition(" ")[2]
        for side in ("before", "after"):
            params[side] = _in_words(words, playbook, field, about.get(side, ""))
        params["place"] = _place(words, playbook, about)
    amount = about.get("amount", "")
    money = {"currency": about.get("currency", ""), "amount": _amount(amount)}
    params["money"] = words("events.money", **money) if amount else ""
    params["changes"] = _changes(words, playbook, event)
    details = [params[key] for key in _DETAILS if about.get(key) and f"{{{key}}}" not in sentence]
    params["detail"] = _detail(words, words("events.detail-separator").join(details))
    return words(f"events.{name}", **params)


def _changes(words: Words, playbook: Playbook, event: Event) -> str:
    """Return the fields that an edit changed, with the values before and after where the event has them."""
    from salescoach.document.change import changes

    known = {one.field: one for one in changes(event)}
    told = []
    for field in event.about.get("fields", "").split():
        name, found = names.word(words, field), known.get(field)
        if found is None:
            told.append(name)
            continue
        before, after = (
            event.about.get(f"{field}.{side}-name")
            or _in_words(words, playbook, field, value == "true" if field in _FLAGS else value)
            for side, value in (("before", found.before), ("after", found.after))
        )
        told.append(words("events.change", field=name, before=before, after=after))
    return words("events.change-separator").join(told)


def _travel_text(words: Words, playbook: Playbook, event: Event) -> str:
    """Return what an undo took back, or a redo did again, and whose it was where it was another's."""
    about = event.about
    acts = event.but(what=about.get("done") or "unknown")
    name = f"events.{event.what}-whose" if about.get("whose") else f"events.{event.what}"
    told = event_text(words, playbook, acts) if acts.what not in TRAVELS else acts.what
    return words(name, what=told, whose=about.get("whose", ""))


def conflict_text(
    words: Words, playbook: Playbook, document: Document, conflict: Conflict
) -> tuple[str, str, str]:
    """Return which field a conflict is about, what the document has there now, and the other value.

    A note comes with all of its lines.
    """
    from salescoach.deal.conflicts import place, value_now

    stands = value_now(document, conflict)
    sides = (
        (stands, conflict.kept_with if stands == conflict.kept else {}),
        (conflict.lost, conflict.lost_with),
    )
    told = []
    for value, beside in sides:
        field = conflict.path[-1]
        text = _in_words(words, playbook, field, value, document)
        if field == "amount" and value is not None:
            text = f"{clean(str(beside.get('currency', getattr(document, 'currency', ''))))} {text}"
        more = [
            _in_words(words, playbook, name, beside[name]) for name in _BESIDE if beside.get(name)
        ]
        if more:
            text = words("fields.with-more", value=text, more=names.join(words, more))
        told.append(clean(text, multiline=True))
    return clean(_place(words, playbook, place(document, conflict))), told[0], told[1]


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
        line += " " + words("errors.missing", missing=names.join(words, told))
    near: tuple[str, ...] = getattr(error, "near", ())
    if near:
        line += " " + words("errors.near", near=names.join(words, near))
    return line


def _error_param(words: Words, playbook: Playbook | None, name: str, value: object) -> object:
    if name == "field":
        return names.word(words, str(value))
    if name == "side":
        return names.word(words, f"side-{value}")
    if name in names.NAMES and playbook is not None and isinstance(value, str):
        return names.NAMES[name](words, playbook, value)
    return value


def _detail(words: Words, detail: str) -> str:
    return words("events.detail", detail=detail) if detail else ""


def _sentence(words: Words, name: str) -> str | None:
    try:
        return words(f"events.{name}")
    except KeyError:
        return None


def _named(words: Words, playbook: Playbook, name: str, value: str, context: str) -> str:
    """Return a param's value in words; `context` is a contact's name, or the field that a change is about."""
    if name == "missing":
        kind, _, key = value.partition(":")
        return _missing(words, playbook, kind, key, name=context)
    if name in {"before", "after"}:
        return names.value(words, context, value)
    if name == "fields":
        return names.join(words, (names.word(words, one) for one in value.split()))
    if name == "roles":
        return names.join(words, (names.role(words, playbook, one) for one in value.split()))
    if name == "side":
        return names.word(words, f"side-{value}")
    if name == "reason":
        return reason_text(words, value)
    teller = names.NAMES.get(name)
    return teller(words, playbook, value) if teller else value


def _place(words: Words, playbook: Playbook, about: Mapping[str, str]) -> str:
    """Return the name of a field, and of the contact, item, stage, question or action that it belongs to."""
    subject = about.get("contact") or about.get("action") or ""
    if item := about.get("item"):
        number = playbook.places[item].number + " " if item in playbook.places else ""
        subject = number + names.item(words, playbook, item)
    for name in ("stage", "question"):
        if key := about.get(name):
            subject = names.NAMES[name](words, playbook, key)
    fields = (names.word(words, one) for one in about.get("fields", "").split())
    return words("fields.path-separator").join(filter(None, (subject, *fields)))


def _in_words(
    words: Words, playbook: Playbook, field: str, value: JsonValue, document: Document | None = None
) -> str:
    """Return a field's value as a person reads it; what no teller knows is shown as it is."""
    if isinstance(value, bool):
        return words(f"fields.value-{value}")
    if field in {"rung", "buying_phase"}:
        return (names.rung if field == "rung" else names.phase)(words, playbook, str(value or ""))
    if value is None or value in ("", []):
        return words("fields.empty-value")
    if field == "roles":
        keys = value.split() if isinstance(value, str) else [str(key) for key in _listed(value)]
        return names.join(words, (names.role(words, playbook, key) for key in keys))
    if not isinstance(value, str):
        return dumps(value, ensure_ascii=False)
    if document is not None and (name := document.name_of(field, value)) is not None:
        return name
    if field in {"amount", "signed_amount"}:
        return _amount(value)
    if field in _INSTANTS:
        return _instant(value)
    organisation = playbook.tools.organisation
    entries = {"level": organisation.levels, "function": organisation.functions}
    if field in entries:
        return names.entry(words, entries[field], value)
    teller = names.NAMES.get(field)
    told = teller(words, playbook, value) if teller else names.value(words, field, value)
    return reason_text(words, told)


def _instant(value: str) -> str:
    try:
        return local_time(datetime.fromisoformat(value))
    except ValueError:
        return value


def _listed(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else [value]


def _amount(value: str) -> str:
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return value
    return f"{amount:,f}" if abs(amount.adjusted()) < _DIGITS else value


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
        return words("gates.missing-question", question=names.question(words, playbook, key))
    if kind == "basis":
        return words("gates.missing-basis", question=names.question(words, playbook, key))
    if kind == "proof":
        return words("gates.missing-proof", contact=name or words("gates.somebody"))
    if kind == "contact":
        if not key:
            return words("gates.missing-contact-none")
        who = name or words("gates.somebody")
        if marker:
            return words("gates.missing-contact", contact=who, marker=marker)
        return words("gates.missing-contact-bare", contact=who)
    if kind == "field":
        return words("gates.missing-field", field=names.word(words, key))
    if kind == "item":
        return words("gates.missing-item", item=names.item(words, playbook, key))
    return f"{kind}:{key}" if key else kind
