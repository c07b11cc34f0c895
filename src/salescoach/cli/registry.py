"""Which module holds each command, in the order and the groups of the help."""

from __future__ import annotations

GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "look",
        (
            ("list", "list"),
            ("show", "show"),
            ("next", "next"),
            ("history", "history"),
            ("open", "open"),
            ("demo", "demo"),
        ),
    ),
    (
        "work",
        (
            ("check", "check"),
            ("uncheck", "check"),
            ("evidence", "evidence"),
            ("na", "check"),
            ("confirm", "confirm"),
            ("note", "note"),
            ("action", "action"),
            ("person", "person"),
            ("contact", "person"),
            ("phase", "phase"),
            ("answer", "answer"),
            ("advance", "advance"),
        ),
    ),
    (
        "deal",
        (
            ("customer", "customer"),
            ("new", "new"),
            ("edit", "edit"),
            ("win", "status"),
            ("lose", "status"),
            ("nurture", "status"),
            ("reopen", "status"),
            ("archive", "status"),
            ("undo", "history"),
            ("redo", "history"),
            ("merge", "merge"),
            ("conflicts", "conflicts"),
            ("settle", "conflicts"),
        ),
    ),
    (
        "setup",
        (
            ("playbook", "playbook"),
            ("config", "config"),
            ("paths", "paths"),
            ("doctor", "doctor"),
            ("backup", "backup"),
            ("restore", "restore"),
            ("completion", "completion"),
        ),
    ),
)
"""Groups (a word of the area `help` names each) of pairs: command, module of this package."""

MODULES: dict[str, str] = {name: module for _, group in GROUPS for name, module in group}
"""Module of this package by command."""
