"""Finds the contact, action or piece of evidence that a person means inside one deal."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from salescoach.cli.context import Failure
from salescoach.cli.failures import shorten
from salescoach.cli.format import short_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from salescoach.words import Words


def pick_id(words: Words, kind: str, asked: str, known: Mapping[str, str]) -> str:
    """Return the id in `known` (id to name, in the order shown to people) that `asked` means.

    `asked` is an id, a unique id prefix of four characters or more, the whole name, an unambiguous part of it, or the
    number in the list. Raises Failure with exit code 3 and the nearest names.
    """
    wanted = asked.strip().casefold()
    if wanted in known:
        return wanted
    folded = {key: name.casefold() for key, name in known.items()}
    ways = (
        [key for key in known if len(wanted) >= 4 and key.startswith(wanted)],
        [key for key, name in folded.items() if name == wanted],
        list(known)[int(wanted) - 1 : int(wanted)] if wanted.isdecimal() and wanted != "0" else [],
        [key for key, name in folded.items() if wanted and wanted in name],
    )
    for found in ways:
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(f"{short_id(key)} {known[key]}" for key in found[:5])
            raise Failure(
                words("cli.ambiguous", asked=shorten(asked)), code=3, more=(shorten(names, 300),)
            )
    close = get_close_matches(wanted[:200], list(folded.values()), n=3, cutoff=0.4)
    near = [known[key] for key, name in folded.items() if name in close]
    more = (words("cli.near", names=shorten(", ".join(near), 300)),) if near else ()
    raise Failure(words(f"cli.unknown-{kind}", asked=shorten(asked)), code=3, more=more)
