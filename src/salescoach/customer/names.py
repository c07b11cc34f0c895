"""Names of customers and people: folded for comparing, gathered without repeats, and told where they changed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from salescoach.customer.models import Customer, Person
from salescoach.document.change import differences
from salescoach.text import clean

_SEPARATOR = "; "
"""Between names in an event: a name may have spaces, and the Chinese comma."""


def folded(name: str) -> str:
    """Return a name as it is compared: width and case folded, and without spaces, points, dashes and other marks.

    A name of nothing but marks is returned with them.
    """
    plain = unicodedata.normalize("NFKC", clean(name)).casefold()
    return "".join(char for char in plain if char.isalnum()) or plain


def others(name: str, *given: Iterable[str]) -> tuple[str, ...]:
    """Return the names of `given` that are not `name`, each once, however they are written; empty ones are left out."""
    seen, kept = {folded(name), ""}, list[str]()
    for each in (one for names in given for one in names):
        if (key := folded(each)) not in seen:
            seen.add(key)
            kept.append(each)
    return tuple(kept)


def changed(
    before: Customer | Person, after: Customer | Person, fields: Sequence[str]
) -> dict[str, str]:
    """Return what an event tells of `fields` that differ; see `document.change.differences`."""
    about = differences(before, after, fields)
    for side, part in (("before", before), ("after", after)):
        if f"other_names.{side}" in about:
            about[f"other_names.{side}"] = _SEPARATOR.join(part.other_names)
    return about
