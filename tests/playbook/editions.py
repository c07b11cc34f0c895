"""Builds small editions for the tests: valid as they come, to be spoilt one thing at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tomli_w

from salescoach.playbook.errors import PlaybookInvalid
from salescoach.playbook.models import Playbook
from salescoach.playbook.parse import parse

Tree = dict[str, Any]
FIRST = "stages/1-opening.toml"
SECOND = "stages/2-proving.toml"


def text(zh: str = "中文", en: str = "English") -> Tree:
    return {"zh": zh, "en": en}


def entry(key: str, **more: object) -> Tree:
    return {"key": key, "name": text(), **more}


def tool(key: str, **more: object) -> Tree:
    return {"key": key, "name": text(), "purpose": text(), **more}


def item(key: str, **more: object) -> Tree:
    return {"key": key, "text": text("有人说过", "Somebody said so"), **more}


def move(key: str, *items: Tree) -> Tree:
    return tool(key, how=[text()], pitfalls=[text()], questions=[text()], items=list(items))


def stage(key: str, *moves: Tree) -> Tree:
    marker = {"text": text(), "ask": text()}
    return tool(key, entry=marker | {}, exit=marker | {}, moves=list(moves))


class Edition:
    """The trees of an edition's files by name: two stages of two moves, and every tool."""

    def __init__(self) -> None:
        first = stage(
            "opening", move("look", item("seen")), move("ask", item("asked"), item("told"))
        )
        second = stage("proving", move("show", item("shown")), move("win", item("won")))
        first["beside"] = ["proving"]
        first["moves"][0]["tools"] = ["facts"]
        second["entry"]["follows"] = True
        second["entry"]["auto"] = "key-contacts-engaged"
        second["moves"][0]["items"][0] |= {"kinds": ["complex"], "required": False}
        roles = [entry("initiator"), entry("decision-maker", is_key=True)]
        rungs = [entry(key, marker=text()) for key in ("acquaintance", "engagement", "confidence")]
        style = {"strengths": [text()], "weaknesses": [text()], "wants": text(), "fears": text()}
        quadrant = {"overdue": "short", "amount": "small", "escalation": "finance"}
        self.trees: dict[str, Tree] = {
            "playbook.toml": {
                "format": 1,
                "id": "tiny",
                "version": "1.0.0",
                "languages": ["zh", "en"],
                "name": text(),
                "summary": "42",
                "factors": [entry("need")],
            },
            FIRST: first,
            SECOND: second,
        }
        tools = (
            tool("facts", kinds=[entry("background", fields=[entry("phone")])]),
            tool("organisation", levels=[entry("l")], functions=[entry("f")], roles=roles),
            tool("opportunity", questions=[entry("winnable")]),
            tool("relationship", none=entry("stranger"), rungs=rungs),
            tool("styles", styles=[entry("driving", how=[text()], **style)]),
            tool("needs", layers=[entry("goals")]),
            tool("phases", phases=[entry("need-found", key_role="initiator")]),
            tool("negotiation", steps=[entry("preparation")], terms=[entry("price")]),
            tool(
                "receivables", causes=[entry("fraud")], quadrant=[entry("short-small", **quadrant)]
            ),
            *(
                tool(key, steps=[entry("a"), entry("b")])
                for key in ("proposal", "talk", "closing", "service")
            ),
        )
        self.trees |= {f"tools/{tree['key']}.toml": tree for tree in tools}

    @property
    def files(self) -> dict[str, bytes]:
        """The files as bytes, as `parse` takes them."""
        return {name: tomli_w.dumps(tree).encode() for name, tree in self.trees.items()}

    def parse(self) -> Playbook:
        return parse(self.files)

    def lines(self) -> list[str]:
        """Every problem's line; empty for a valid edition."""
        return lines(self.files)

    def write(self, folder: Path) -> Path:
        write(self.files, folder)
        return folder


def lines(files: dict[str, bytes]) -> list[str]:
    try:
        parse(files)
    except PlaybookInvalid as error:
        return str(error).split("\n")
    return []


def write(files: dict[str, bytes], folder: Path) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
