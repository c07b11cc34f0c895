"""Reads the settings file within bounds, and a plain one without a parser: the import takes longer than a list's start may."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from salescoach.text import clean, truncate

LIMIT = 128 * 1024
"""Bytes of the largest settings file; with every setting explained it has one."""
MAX_DOTS = 64
"""How many dots a line may have: what it takes to read a dotted key grows with their square."""
_PLAIN = re.compile(r'([a-z_]{1,40})[ \t]*=[ \t]*(?:"([^"\\\x00-\x1f\x7f]*)"|(0|[1-9][0-9]{0,8}))')
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")

Problem = tuple[str, dict[str, object]]
"""What is wrong with the whole file: a word of the area `storage`, and what fills its sentence."""


def read(path: Path) -> tuple[dict[str, Any], Problem | None]:
    """Return what the settings file says, and what is wrong with it; a missing file says nothing."""
    # Checked before the import of a parser, which takes longer than all else here together. Links are followed, for
    # people who keep their settings in one place; a named pipe must not hang whoever opens it.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            data = file.read(LIMIT + 1) if path.is_file() else None
    except FileNotFoundError:
        return {}, None
    except OSError as error:
        if path.is_dir():
            return {}, ("setting-not-a-file", {})
        return {}, ("setting-unreadable", {"detail": error.strerror or type(error).__name__})
    if data is None:
        return {}, ("setting-not-a-file", {})
    if len(data) > LIMIT:
        return {}, ("setting-too-large", {"limit": LIMIT // 1024})
    for number, line in enumerate(data.splitlines(), 1):
        if line.count(b".") > MAX_DOTS and not line.lstrip().startswith(b"#"):
            return {}, ("setting-too-deep", {"line": number})
    return parse(data)


def parse(data: bytes) -> tuple[dict[str, Any], Problem | None]:
    """Return what the bytes of a TOML file say, and what is wrong with them."""
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode()  # `utf-8-sig` is one more import
        if (found := plain(text)) is not None:
            return found, None
        import tomllib

        return tomllib.loads(text), None
    except Exception as error:  # noqa: BLE001 - whatever a parser stumbles over, the program starts
        return {}, ("setting-not-toml", {"detail": truncate(clean(str(error)), 120)})


def plain(text: str) -> dict[str, Any] | None:
    """Return what a plain TOML file says: comments, texts without escapes and whole numbers, then at most an empty keymap.

    None for a file that has, or may have, anything else: that is for a parser.
    """
    text = text.replace("\r\n", "\n")
    if _CONTROL.search(text):
        return None
    found: dict[str, Any] = {}
    for line in text.split("\n"):
        said = line.strip(" \t")
        if not said or said.startswith("#"):
            continue
        match = _PLAIN.fullmatch(said)
        if "keymap" in found or (match is None and said != "[keymap]"):
            return None
        if match is None:
            found["keymap"] = {}
            continue
        key, quoted, number = match.groups()
        if key in found:
            return None
        found[key] = int(number) if quoted is None else quoted
    return found
