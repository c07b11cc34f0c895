"""Checks what no single file can know: references between an edition's files, and keys that must be unique.

It works on the raw trees, so that its findings are told together with those of the models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from salescoach.playbook.errors import Problem
from salescoach.playbook.explain import nearest, parts_of
from salescoach.playbook.models import (
    RUNG_OF_CHECK,
    Head,
    Item,
    Marker,
    Move,
    Role,
    Short,
    Stage,
    Text,
    Tools,
)
from salescoach.text import cell_width
from salescoach.words import LANGS

_ORGANISATION = "tools/organisation.toml"
_RELATIONSHIP = "tools/relationship.toml"

_UNIQUE: frozenset[type[BaseModel]] = frozenset((Stage, Move, Item))
"""What has keys that are there once in a whole edition."""
Tree = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of a file with the model it should fit."""

    file: str
    path: str
    model: type[BaseModel]
    tree: Tree
    within: str

    def text(self, field: str) -> str | None:
        """Return a field that should be a plain string, or None when it is missing or something else."""
        value = self.tree.get(field)
        return value if isinstance(value, str) else None

    def texts(self, field: str) -> list[tuple[int, str]]:
        """Return the strings of a field that should be a list of them, with their positions."""
        value = self.tree.get(field)
        return (
            [(i, text) for i, text in enumerate(value) if isinstance(text, str)]
            if isinstance(value, list)
            else []
        )

    def problem(self, field: str, code: str, **params: str) -> Problem:
        """Return a problem with a field of this table."""
        return Problem(
            self.file, f"{self.path}.{field}" if self.path else field, code, params, self.within
        )


def cross_check(trees: Mapping[str, Tree], *, whole: bool = True) -> list[Problem]:
    """Return the problems between the files of an edition, given as trees by file name in the edition's order.

    With `whole` false some stage or tool could not be read: what refers to it is not called dangling.
    """
    tables = [table for name, tree in trees.items() for table in _tables(name, tree)]
    return [
        *_duplicates(tables),
        *_references(tables, whole=whole),
        *_markers(tables),
        *_shorts(tables),
        *_tools(trees),
        *_rungs_of_checks(tables, trees.get(_RELATIONSHIP)),
    ]


def _tables(file: str, tree: Tree) -> Iterator[_Table]:
    model: type[BaseModel] = Stage if file.startswith("stages/") else Head
    if file.startswith("tools/"):
        model, _ = parts_of(Tools)[file.removeprefix("tools/").removesuffix(".toml")]
    yield from _inside(_Table(file, "", model, tree, _key(tree)))


def _inside(table: _Table) -> Iterator[_Table]:
    yield table
    for field, (model, many) in parts_of(table.model).items():
        if model is Text or model is Short:
            continue
        value = table.tree.get(field)
        path = f"{table.path}.{field}" if table.path else field
        inner = enumerate(value) if many and isinstance(value, list) else [(-1, value)]
        for i, tree in inner:
            if isinstance(tree, dict):
                place = path if i < 0 else f"{path}[{i}]"
                yield from _inside(
                    _Table(table.file, place, model, tree, _key(tree) or table.within)
                )


def _key(tree: Tree) -> str:
    key = tree.get("key")
    return key if isinstance(key, str) else ""


def _duplicates(tables: list[_Table]) -> Iterator[Problem]:
    """Stages, moves and items are unique in the whole edition, entries in their own list."""
    seen: dict[tuple[str, str], str] = {}
    for table in tables:
        key = table.text("key")
        if key is None:
            continue
        if table.model in _UNIQUE:
            scope = table.model.__name__
        else:
            scope = f"{table.file}:{_list_of(table.path)}"
        place = f"{table.file}: {table.path}" if table.path else table.file
        other = seen.setdefault((scope, key), place)
        if other != place:
            yield table.problem("key", "duplicate-key", key=key, other=other)


def _list_of(path: str) -> str:
    """Return the list that a path is in; the bottom of the ladder counts as one of its rungs."""
    return "rungs" if path == "none" else path.rpartition("[")[0]


def _references(tables: list[_Table], *, whole: bool) -> Iterator[Problem]:
    stages = {table.text("key"): table for table in tables if table.model is Stage}
    roles = [
        t.text("key") or ""
        for t in tables
        if t.file == _ORGANISATION and t.path.startswith("roles[")
    ]
    functions = [
        t.text("key") or ""
        for t in tables
        if t.file == _ORGANISATION and t.path.startswith("functions[")
    ]
    for table in tables:
        if table.model is Move:
            for i, tool in table.texts("tools"):
                if tool not in Tools.model_fields:
                    yield _dangling(table, f"tools[{i}]", tool, list(Tools.model_fields))
        for i, stage in table.texts("beside") if table.model is Stage else ():
            if stage == table.text("key"):
                yield table.problem(f"beside[{i}]", "beside-itself", key=stage)
            elif stage not in stages and whole:
                yield _dangling(table, f"beside[{i}]", stage, [key for key in stages if key])
        if (
            "key_role" in table.model.model_fields
            and (role := table.text("key_role"))
            and roles
            and role not in roles
        ):
            yield _dangling(table, "key_role", role, roles)
        for i, function in table.texts("functions") if table.model is Role else ():
            if functions and function not in functions:
                yield _dangling(table, f"functions[{i}]", function, functions)


def _dangling(table: _Table, field: str, key: str, known: list[str]) -> Problem:
    near = nearest(key, known)
    code = "misspelt-reference" if near else "dangling-reference"
    return table.problem(field, code, key=key, near=near, known=", ".join(known))


def _markers(tables: list[_Table]) -> Iterator[Problem]:
    first = next((table.file for table in tables if table.model is Stage), None)
    for table in tables:
        if table.model is Marker and table.tree.get("follows") is True:
            if table.path == "exit":
                yield table.problem("follows", "follows-on-exit")
            elif table.file == first:
                yield table.problem("follows", "follows-on-first")


def _shorts(tables: list[_Table]) -> Iterator[Problem]:
    """Find short forms that say nothing or are as long as the text they stand for."""
    for table in tables:
        short, text = table.tree.get("short"), table.tree.get("text")
        if "short" not in table.model.model_fields or not isinstance(short, dict):
            continue
        if not short:
            yield table.problem("short", "empty-text")
        for lang in LANGS:
            whole = text.get(lang) if isinstance(text, dict) else text
            given = short.get(lang)
            if not (isinstance(whole, str) and isinstance(given, str) and given.strip()):
                continue
            if (cells := cell_width(given)) >= (limit := cell_width(whole)):
                sizes = {"cells": str(cells), "limit": str(limit)}
                yield table.problem(f"short.{lang}", "short-not-shorter", **sizes)


def _tools(trees: Mapping[str, Tree]) -> Iterator[Problem]:
    for file, tree in trees.items():
        name = file.removeprefix("tools/").removesuffix(".toml")
        if file.startswith("tools/") and isinstance(key := tree.get("key"), str) and key != name:
            yield Problem(file, "key", "tool-key", {"key": key, "name": name}, key)
    languages = trees.get("playbook.toml", {}).get("languages")
    if isinstance(languages, list) and any(
        lang in languages[:i] for i, lang in enumerate(languages)
    ):
        yield Problem("playbook.toml", "languages", "language-twice")
    seen: set[tuple[object, object]] = set()
    fields = trees.get("tools/receivables.toml", {}).get("quadrant")
    for i, field in enumerate(fields) if isinstance(fields, list) else ():
        pair = (
            (str(field.get("overdue")), str(field.get("amount")))
            if isinstance(field, dict)
            else (i, i)
        )
        if pair in seen:
            overdue, amount = map(str, pair)
            where = {"overdue": overdue, "amount": amount}
            yield Problem("tools/receivables.toml", f"quadrant[{i}]", "quadrant-twice", where)
        seen.add(pair)


def _rungs_of_checks(tables: list[_Table], relationship: Tree | None) -> Iterator[Problem]:
    """Find checks that look for a rung that the edition does not have, and so can never be met."""
    rungs = relationship.get("rungs") if relationship else None
    if not isinstance(rungs, list):
        return
    keys = {
        rung.get("key")
        for rung in rungs
        if isinstance(rung, dict) and isinstance(rung.get("key"), str)
    }
    for table in tables:
        asked = table.text("auto") if table.model in {Item, Marker} else None
        for check, rung in RUNG_OF_CHECK.items():
            if check == asked and rung not in keys:
                yield table.problem("auto", "check-without-rung", check=check, rung=rung)
