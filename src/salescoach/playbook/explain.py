"""Puts what pydantic finds wrong with a file into problems that a person without Python can mend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from salescoach.playbook.errors import Problem, shown
from salescoach.playbook.models import Text

_AT_MOST = 200
_CODES = {
    "string_type": "not-a-string",
    "string_unicode": "not-a-string",
    "bool_type": "not-a-flag",
    "tuple_type": "not-a-list",
    "model_type": "not-a-table",
    "model_attributes_type": "not-a-table",
    "string_too_short": "empty-text",
    "too_short": "empty-list",
}


def explain(
    file: str, model: type[BaseModel], tree: Mapping[str, object], error: ValidationError
) -> list[Problem]:
    """Return a problem for each of the first 200 findings on a file, and one that counts the rest."""
    found = error.errors(include_url=False)
    # A list whose entries are all wrong is also called too short: the entries say enough.
    spoilt = {details["loc"][:-1] for details in found}
    found = [
        details
        for details in found
        if details["type"] != "too_short" or details["loc"] not in spoilt
    ]
    problems = [_problem(file, model, tree, details) for details in found[:_AT_MOST]]
    if len(found) > _AT_MOST:
        problems.append(Problem(file, "", "more", {"count": str(len(found) - _AT_MOST)}))
    return problems


def nearest(asked: str, known: Iterable[str]) -> str:
    """Return the known word that `asked` most likely was meant to be, or an empty text."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(asked[:64], list(known), n=1, cutoff=0.6)), "")


@cache
def parts_of(model: type[BaseModel]) -> Mapping[str, tuple[type[BaseModel], bool]]:
    """Return the fields of a model that hold models: the inner model, and whether it is a list of them."""
    parts = {}
    for name, field in model.model_fields.items():
        inner, many = _inner(field.annotation)
        if inner is not None:
            parts[name] = (inner, many)
    return parts


def path_of(location: Iterable[int | str]) -> str:
    """Write a location as a path: `moves[2].items[1].text.en`."""
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{shown(step)}" if path else shown(step)
    return path


def _problem(
    file: str, model: type[BaseModel], tree: Mapping[str, object], details: ErrorDetails
) -> Problem:
    location = details["loc"]
    code, params = _what(model, details)
    return Problem(file, path_of(location), code, params, _within(tree, location))


def _what(model: type[BaseModel], details: ErrorDetails) -> tuple[str, dict[str, str]]:
    kind, location, context = details["type"], details["loc"], details.get("ctx", {})
    name = shown(str(location[-1])) if location else ""
    if kind in {"missing", "extra_forbidden"}:
        owner = _model_at(model, location[:-1]) or model
        if kind == "missing":
            return ("missing-language" if owner is Text else "missing-key"), {"key": name}
        known = list(owner.model_fields)
        near = nearest(name, known)
        return ("misspelt-key" if near else "unknown-key"), {
            "key": name,
            "near": near,
            "known": ", ".join(known),
        }
    value = details["input"]
    given = _given(value)
    if kind == "literal_error":
        allowed = str(context["expected"]).replace("'", "").replace(" or ", ", ")
        near = nearest(str(value), allowed.split(", "))
        return ("misspelt-choice" if near else "not-a-choice"), {
            "value": given,
            "near": near,
            "known": allowed,
        }
    if kind == "string_pattern_mismatch":
        return ("bad-version" if name == "version" else "bad-key"), {"value": given}
    if kind == "string_too_long":
        return "too-long", {"limit": str(context["max_length"])}
    if kind == "model_type" and _model_at(model, location) is Text:
        return "not-a-text", {"value": given}
    code = _CODES.get(kind)
    return (code, {"value": given}) if code else ("not-valid", {"detail": shown(details["msg"])})


def _given(value: object) -> str:
    """Return a value as a person wrote it, or what kind of thing it is."""
    if isinstance(value, str):
        return f'"{shown(value)}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) < 10**9:
        return str(value)
    names: dict[type, str] = {dict: "a table", list: "a list"}
    return names.get(type(value), type(value).__name__)


def _model_at(model: type[BaseModel], location: Iterable[int | str]) -> type[BaseModel] | None:
    """Return the model of the table that a location leads to, or None when it leads to something else."""
    current: type[BaseModel] | None = model
    for step in location:
        if isinstance(step, str):
            current = parts_of(current)[step][0] if current and step in parts_of(current) else None
    return current


def _within(tree: object, location: Iterable[int | str]) -> str:
    """Return the `key` of the innermost table on the way to a location."""
    within = ""
    for step in location:
        if isinstance(tree, dict):
            key = tree.get("key")
            within = key if isinstance(key, str) else within
            tree = tree.get(step)
        elif isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        else:
            break
    return within


def _inner(annotation: object) -> tuple[type[BaseModel] | None, bool]:
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return (annotation, False) if issubclass(annotation, BaseModel) else (None, False)
    arguments = get_args(annotation)
    if get_origin(annotation) is Annotated:
        arguments = arguments[:1]
    for argument in arguments:
        inner, many = _inner(argument)
        if inner is not None:
            return inner, many or get_origin(annotation) is tuple
    return None, False
