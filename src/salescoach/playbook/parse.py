"""Turns the bytes of an edition's files into a Playbook, or into the list of everything that is wrong with them.

Nothing here touches the disk: `playbook.load` brings the files.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError

from salescoach.playbook.errors import PlaybookInvalid, Problem, shown
from salescoach.playbook.explain import explain, nearest, parts_of
from salescoach.playbook.models import Head, Playbook, Stage, Tools
from salescoach.playbook.validate import cross_check
from salescoach.text import clean
from salescoach.words import LANGS

HEAD = "playbook.toml"
TOOLS = {f"tools/{field}.toml": field for field in Tools.model_fields}
FILE_LIMIT = 256 * 1024
"""Bytes that one file may have."""
FILES_LIMIT = 64
TOTAL_LIMIT = 2 * 1024 * 1024
"""Bytes that all files together may have."""
# The TOML reader takes quadratic time over a key with very many dots; a key cannot go past its line.
_DOTS_LIMIT = 400
_DEPTH_LIMIT = 16
_STAGE_FILE = re.compile(r"stages/([1-9][0-9]?)-[a-z0-9]+(?:-[a-z0-9]+)*\.toml")
_TOML_PLACE = re.compile(r" \(at (line \d+, column \d+|end of document)\)$")

Tree = dict[str, object]


@dataclass(frozen=True, slots=True)
class Piece:
    """One file as far as it could be read: its cleaned tree, or None when it is no TOML at all."""

    name: str
    tree: Tree | None
    problems: tuple[Problem, ...] = ()


def parse(files: Mapping[str, bytes]) -> Playbook:
    """Return the playbook that these files make; names are relative with `/`. Raises PlaybookInvalid."""
    if sum(map(len, files.values())) > TOTAL_LIMIT:
        raise PlaybookInvalid(
            (Problem(".", "", "all-too-large", {"limit": str(TOTAL_LIMIT // 1024)}),)
        )
    return assemble([read_piece(name, data) for name, data in files.items()])


def read_piece(name: str, data: bytes) -> Piece:
    """Read one file's TOML and clean its texts; what is wrong is in the piece's `problems`."""
    if model_of(name) is None:
        return Piece(name, None)
    if len(data) > FILE_LIMIT:
        return _refused(name, "file-too-large", limit=str(FILE_LIMIT // 1024))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _refused(name, "not-utf8", path=f"line {line}")
    for number, line_text in enumerate(text.split("\n"), 1):
        if line_text.count(".") > _DOTS_LIMIT:
            return _refused(name, "too-many-dots", path=f"line {number}")
    return _read_toml(name, text)


def _read_toml(name: str, text: str) -> Piece:
    import tomllib

    try:
        raw = tomllib.loads(text)
    except RecursionError:
        return _refused(name, "too-deep")
    except ValueError as error:
        detail = str(error)
        place = _TOML_PLACE.search(detail)
        detail = _TOML_PLACE.sub("", detail)
        return _refused(
            name, "not-toml", path=place.group(1) if place else "", detail=shown(detail)
        )
    problems: list[Problem] = []
    tree = {key: _cleaned(value, name, shown(key), 1, problems) for key, value in raw.items()}
    return Piece(name, tree, tuple(problems))


def assemble(pieces: Iterable[Piece], refused: Collection[Problem] = ()) -> Playbook:
    """Join the pieces; `refused` are problems already known of files that are not among them.

    Raises PlaybookInvalid with the problems of every piece, of what is missing and of the references between them.
    """
    by_name = {piece.name: piece for piece in sorted(pieces, key=lambda piece: _order(piece.name))}
    trees = {name: piece.tree for name, piece in by_name.items() if piece.tree is not None}
    problems = [*refused, *_check_names(set(by_name), {problem.file for problem in refused})]
    languages = _languages(trees.get(HEAD))
    parts: dict[str, BaseModel] = {}
    for name, piece in by_name.items():
        problems += piece.problems
        model = model_of(name)
        if model is None or piece.tree is None:
            continue
        try:
            parts[name] = model.model_validate(piece.tree, context={"languages": languages})
        except ValidationError as error:
            problems += explain(name, model, piece.tree, error)
    problems += cross_check(trees, whole=set(trees) >= {name for name in by_name if model_of(name)})
    if problems:
        raise PlaybookInvalid(tuple(sorted(problems, key=lambda problem: _order(problem.file))))
    head = parts[HEAD]
    return Playbook.model_validate(
        {field: getattr(head, field) for field in Head.model_fields}
        | {
            "stages": [part for part in parts.values() if isinstance(part, Stage)],
            "tools": Tools.model_validate({field: parts[name] for name, field in TOOLS.items()}),
        }
    )


def model_of(name: str) -> type[BaseModel] | None:
    """Return the model that a file of this name must fit, or None for a file that has no place in an edition."""
    if name == HEAD:
        return Head
    if name in TOOLS:
        return parts_of(Tools)[TOOLS[name]][0]
    return Stage if _STAGE_FILE.fullmatch(name) else None


def _order(name: str) -> tuple[int, int, str]:
    """Order files as a person reads an edition: the whole, the stages by number, the tools."""
    stage = _STAGE_FILE.fullmatch(name)
    return (
        0 if name == HEAD else 1 if name.startswith("stages/") else 2,
        int(stage[1]) if stage else 0,
        name,
    )


def _check_names(names: set[str], refused: set[str]) -> list[Problem]:
    """Find missing and extra files, and stage files whose numbers do not count 1, 2, 3."""
    problems: list[Problem] = []
    present = names | refused
    missing = [name for name in (HEAD, *TOOLS) if name not in present]
    for name in sorted(name for name in names if model_of(name) is None):
        if name.startswith("stages/"):
            problems.append(Problem(name, "", "stage-file-name"))
        else:
            near = nearest(name, missing)
            problems.append(
                Problem(name, "", "misnamed-file" if near else "extra-file", {"near": near})
            )
    problems += [Problem(name, "", "missing-file") for name in missing]
    last, last_name = 0, ""
    for name in sorted(present, key=_order):
        if (stage := _STAGE_FILE.fullmatch(name)) is None:
            continue
        number = int(stage[1])
        if number == last:
            problems.append(Problem(name, "", "stage-number-twice", {"other": last_name}))
        elif number > last + 1:
            problems.append(Problem(name, "", "stage-number-gap", {"expected": str(last + 1)}))
        last, last_name = number, name
    if not last:
        problems.append(Problem("stages", "", "no-stages"))
    if len(names) > FILES_LIMIT:
        problems.append(Problem(".", "", "too-many-files", {"limit": str(FILES_LIMIT)}))
    return problems


def _languages(head: Tree | None) -> tuple[str, ...]:
    """Return the languages every text needs; none while `playbook.toml` does not say, to blame no text for it."""
    given = head.get("languages") if head else None
    return tuple(lang for lang in LANGS if lang in given) if isinstance(given, list) else ()


def _cleaned(value: object, name: str, path: str, depth: int, problems: list[Problem]) -> object:
    """Return `value` with clean texts and note links and what is nested too deeply."""
    if isinstance(value, str):
        if "://" in value:
            problems.append(Problem(name, path, "link"))
        return clean(value)
    if isinstance(value, dict | list) and depth >= _DEPTH_LIMIT:
        problems.append(Problem(name, path[:_DOTS_LIMIT], "too-deep"))
        return None
    if isinstance(value, dict):
        return {
            key: _cleaned(inner, name, f"{path}.{shown(key)}", depth + 1, problems)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [
            _cleaned(inner, name, f"{path}[{i}]", depth + 1, problems)
            for i, inner in enumerate(value)
        ]
    return value


def _refused(name: str, code: str, path: str = "", **params: str) -> Piece:
    return Piece(name, None, (Problem(name, path, code, params),))
