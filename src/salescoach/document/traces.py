"""What a person is known by, looked for in texts and replaced there, when the person's data leave for good."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from salescoach.text import clean

ERASED: Final = "***"
"""Stands in a text where somebody's name or address stood; it is of no language."""
PERSON_ERASED: Final = "person-erased"
"""The event of erasing, which no undo takes back."""

Way = tuple[str, ...]
"""The keys that lead to a place in the JSON of a document."""
_SHORT: Final = 4
"""Letters below which a Latin name is looked for as it is written: in any case it would be a word."""
_NOT_TEXT = re.compile(
    r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?"
)
"""Ids, days and instants."""
_LETTER: Final = r"[0-9A-Za-z\u00C0-\u024F\u0370-\u1FFF]"
_WIDE: Final = 0x2E7F
"""From here on characters are Chinese, Japanese or Korean ones, which stand side by side in words."""
_ABOUT_IDS: Final = frozenset(
    {"contact_id", "other_id", "action_id", "deal", "act", "of", "done", "whose"}
    | {"fields", "rung", "rung_before", "roles", "style", "itself"}
)
"""What is left of an event about somebody: ids, names of fields and keys of the playbook."""


@dataclass(frozen=True)
class Traces:
    """The `names`, phone `numbers` (digits) and e-mail `addresses` of somebody, and the names of others to be let be."""

    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    _pattern: re.Pattern[str] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make one pattern of it all."""
        object.__setattr__(self, "_pattern", self._made())

    def __bool__(self) -> bool:
        """Say whether there is anything to look for."""
        return bool(self.names or self.numbers or self.addresses)

    def and_also(self, more: Traces) -> Traces:
        """Return the traces of two."""
        return Traces(
            self.names | more.names,
            self.numbers | more.numbers,
            self.addresses | more.addresses,
            self.others | more.others,
        )

    def found(self, text: str) -> bool:
        """Say whether a text names the person."""
        return self.scrubbed(text) != text

    def scrubbed(self, text: str) -> str:
        """Return the text with `ERASED` where the person is named; names of others that contain the name stay.

        A name of one letter is found only where it is the whole text.
        """
        if self._pattern is None or not text:
            return text
        if text.strip() in self.names:
            return ERASED
        return self._pattern.sub(lambda hit: ERASED if hit["gone"] else hit[0], text)

    def _made(self) -> re.Pattern[str] | None:
        gone = [_name(one) for one in _longest_first(self.names) if len(one) > 1]
        gone += [rf"(?<!\d)(?:\+?(?:00)?86[\s-]*)?{_spaced(one)}(?!\d)" for one in self.numbers]
        gone += [rf"(?i:(?<![\w.+-]){re.escape(one)}(?![\w-]))" for one in self.addresses]
        if not gone:
            return re.compile("(?P<gone>(?!))") if self else None
        names = {one.casefold() for one in self.names}
        longer = [one for one in self.others if one.casefold() not in names]
        alike = [one for one in longer if any(name in one.casefold() for name in names)]
        kept = [_name(one) for one in _longest_first(frozenset(alike))]
        first = [f"(?:{'|'.join(kept)})"] if kept else []
        return re.compile("|".join([*first, f"(?P<gone>{'|'.join(gone)})"]))


def texts(raw: object, way: Way = ()) -> Iterator[tuple[Way, str]]:
    """Yield the texts of JSON, keys of maps included, with the way to each; no ids, days, instants and users."""
    if isinstance(raw, str):
        if not _NOT_TEXT.fullmatch(raw):
            yield way, raw
    elif isinstance(raw, dict):
        for key, value in raw.items():
            yield from texts(key, (*way, key))
            if not _is_kept(way, key):
                yield from texts(value, (*way, key))
    elif isinstance(raw, list):
        for at, value in enumerate(raw):
            yield from texts(value, (*way, str(at)))


def places(raw: object, traces: Traces) -> list[Way]:
    """Return where JSON names somebody."""
    return list(dict.fromkeys(way for way, text in texts(raw) if traces.found(text)))


def scrubbed(raw: Any, traces: Traces, let_be: frozenset[Way] = frozenset(), way: Way = ()) -> Any:
    """Return JSON in which the texts do not name somebody; what is under a way of `let_be` stays as it is."""
    if way in let_be:
        return raw
    if isinstance(raw, str):
        return raw if _NOT_TEXT.fullmatch(raw) else traces.scrubbed(raw)
    if isinstance(raw, list):
        return [scrubbed(one, traces, let_be, (*way, str(at))) for at, one in enumerate(raw)]
    if not isinstance(raw, dict):
        return raw
    result: dict[str, Any] = {}
    for key, value in raw.items():
        name = key if _NOT_TEXT.fullmatch(key) else traces.scrubbed(key)
        while name != key and (name in result or name in raw):
            name += ERASED
        kept = _is_kept(way, key)
        result[name] = value if kept else scrubbed(value, traces, let_be, (*way, key))
    return result


def timeline_without(
    timeline: Mapping[str, Any], ids: frozenset[str], gone: Iterable[Way]
) -> dict[str, Any]:
    """Return the timeline of a raw document with nothing told about the people of these `ids`.

    An event about one of them keeps what was done, when, by whom, and ids; no event keeps values of the places that are
    `gone`, or of entries that were about one of them.
    """
    pointers = {"/" + "/".join(_escaped(step) for step in way) for way in gone}
    return {key: _event_without(event, ids, pointers) for key, event in timeline.items()}


def _event_without(event: Any, ids: frozenset[str], pointers: set[str]) -> Any:
    if not isinstance(event, dict) or event.get("what") == PERSON_ERASED:
        return event
    event = dict(event)
    about = event.get("about") or {}
    if ids & {about.get("contact_id"), about.get("other_id")}:
        named = {name: ERASED for name in ("contact", "other") if name in about}
        event["about"] = named | {name: about[name] for name in about if name in _ABOUT_IDS}
    if event.get("changes"):
        event["changes"] = {
            place: change
            for place, change in event["changes"].items()
            if not any(place == one or place.startswith(f"{one}/") for one in pointers)
            and not any(_is_about(value, ids) for value in change.values())
        }
    return event


def _is_about(entry: Any, ids: frozenset[str]) -> bool:
    """Say whether an entry, such as a note or a conflict, is about one of these people alone."""
    if not isinstance(entry, dict):
        return False
    path = entry.get("path")
    subject = path[1:2] if isinstance(path, list) else []
    return any(one in ids for one in (entry.get("person"), entry.get("contact"), *subject))


def _is_kept(way: Way, key: str) -> bool:
    """Say whether a field tells who did what, and when: users are not the people of customers."""
    if len(way) == 2 and way[0] == "timeline" and key in {"what", "role"}:
        return True
    return key in {"by", "by_id"} or key.endswith(("_by", "_at"))


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


def _longest_first(names: frozenset[str]) -> list[str]:
    return sorted(filter(None, map(clean, names)), key=lambda one: (-len(one), one))


def _name(name: str) -> str:
    """Return the pattern of a name: with any spaces in between, and as whole words where it is in Latin letters."""
    letters = [char for char in name if not char.isspace()]
    if all(ord(char) > _WIDE for char in letters):
        return r"\s*".join(map(re.escape, letters))
    pattern = r"\s+".join(map(re.escape, name.split()))
    # Beside a Chinese character a Latin name is a word, too.
    before = f"(?<!{_LETTER})" if re.match(_LETTER, name[0]) else ""
    after = f"(?!{_LETTER})" if re.match(_LETTER, name[-1]) else ""
    return (
        f"{before}{pattern}{after}" if len(letters) < _SHORT else f"(?i:{before}{pattern}{after})"
    )


def _spaced(digits: str) -> str:
    return r"[\s().\-/]{0,3}".join(digits)
