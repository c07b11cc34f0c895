"""Puts documents at and beyond every bound among sound ones, and looks whether any of them hides another."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from salescoach.paths import under
from salescoach.store.errors import Damaged
from tests.faults.commands import import_early
from tests.faults.program import a_deal, command, home
from tests.faults.tally import Tally
from tests.kinds import deal_store
from tests.store.test_boundary import BAD, full_raw

PROMISE: Final = (
    "A deal at or beyond the bounds of dates, numbers, depth and count: told, or listed, saved and"
    " read again; it hides no other"
)
SHORT, LONG = 40, 2_000
_BATCH: Final = 100
_DAYS: Final = ("0001-01-01", "1899-12-31", "1900-01-01", "2199-12-31", "2200-01-01", "9999-12-31")
_ZONES: Final = ("Z", "-12:00", "+14:00", "-23:59", "+23:59")
_NUMBERS: Final = (0, 1, -1, 2**53, 2**53 + 1, 2**63, 2**64, 10**39, 10**41, 1e300, 1e-300)
_AMOUNTS: Final = ("0", "1E-900000000", "0E+900000000", "1E+14", "1E+15", "9" * 40, "NaN", "0.1")


def run(size: int) -> Tally:
    """Put `size` documents there, some at a time beside sound ones."""
    tally, rng = Tally(PROMISE), random.Random(20)
    import_early()
    while tally.tried < size:
        with home() as place:
            _batch(place, min(_BATCH, size - tally.tried), rng, tally)
    return tally


def _batch(place: Path, count: int, rng: random.Random, tally: Tally) -> None:
    sound = a_deal(place, name="a sound deal").id
    paths = under(place)
    odd: dict[str, bytes] = {}
    for number in range(count):
        raw = full_raw() | {"id": str(UUID(int=rng.getrandbits(128)))}
        if number < len(BAD):
            list(BAD.values())[number](raw)
        else:
            _bend(raw, rng)
        odd[raw["id"]] = json.dumps(raw).encode()
        (paths.deals / f"{raw['id']}.json").write_bytes(odd[raw["id"]])
    tally.tried += count
    bad = {error.path.stem for error in deal_store(paths).damaged()}
    listed = command(place, "list", "--status", "all", "--json")
    names = {deal["id"] for deal in json.loads(listed.out)["deals"]} if listed.code == 0 else set()
    told = f"list: exit {listed.code}, {listed.err[-300:]}"
    tally.check(names == {sound, *odd} - bad, "silent", told)
    for words in (("list", "--status", "all"), ("next",), ("show", sound), ("note", sound, "x")):
        outcome = command(place, *words)
        tally.check(outcome.clean and outcome.code == 0, "silent", f"{words}: {outcome.err[-300:]}")
    doctor = command(place, "doctor", "--json")
    findings = json.loads(doctor.out)["findings"] if doctor.code in {0, 1, 6} else []
    texts = [one["text"] for one in findings if one["level"] == "damaged"]
    for key in bad:
        tally.check(any(key in text for text in texts), "silent", f"doctor does not tell of {key}")
    for key in sorted(odd.keys() - bad)[:5]:
        _edited(place, key, tally)
    for key in bad:
        same = (paths.deals / f"{key}.json").read_bytes() == odd[key]
        tally.check(same, "lost", f"the bytes of {key} have changed")


def _edited(place: Path, key: str, tally: Tally) -> None:
    """Save a deal that passed, and read it again."""
    outcome = command(place, "note", key, "a note")
    tally.check(outcome.code == 0, "silent", f"note in {key}: {outcome.err[-300:]}")
    try:
        kept = [note.text for note in deal_store(under(place)).read(key).notes.values()]
    except Damaged as error:
        tally.blame("corrupt", f"{key} cannot be read after it was saved: {error}")
    else:
        tally.check("a note" in kept, "lost", f"{key} lost its note")


def _bend(raw: dict[str, Any], rng: random.Random) -> None:
    """Put values from the edges into some of the fields that have bounds."""

    def first(name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(iter(raw[name].values()))
        return found

    instant = f"{rng.choice(_DAYS)}T23:59:59{rng.choice(_ZONES)}"
    changes = (
        (raw, "created_at", instant),
        (first("timeline"), "at", instant),
        (first("notes"), "at", instant),
        (first("actions"), "due", rng.choice(_DAYS)),
        (raw, "close_on", rng.choice(_DAYS)),
        (raw, "amount", rng.choice(_AMOUNTS)),
        (raw, "rev", rng.choice(_NUMBERS)),
        (first("stakeholders"), "order", rng.choice(_NUMBERS)),
        (first("actions"), "snoozed", rng.choice(_NUMBERS)),
    )
    for holder, name, value in rng.sample(changes, rng.randrange(1, 3)):
        holder[name] = value
    if rng.random() < 0.2:
        nested: Any = 1
        for _ in range(rng.choice((50, 63, 64, 100))):
            nested = [nested]
        raw["other"] = nested
