"""Damages deals in every way bytes and names can be, and looks at what the program makes of them."""

from __future__ import annotations

import json
import os
import random
import re
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from salescoach.deal import actions, contacts, notes
from salescoach.paths import under
from salescoach.store.errors import Damaged, NewerSchema, StoreError
from tests.build import NOW, make_deal, stamp
from tests.faults.app import RunningApp
from tests.faults.bends import BENDS, Bend
from tests.faults.commands import import_early
from tests.faults.program import a_deal, command, home
from tests.faults.tally import Tally
from tests.kinds import deal_store

PROMISE: Final = "A damaged file: told, its bytes kept, the other deals load, no traceback"
SHORT, LONG = 300, 10_000
_BATCH: Final = 500
_OLD: Final = 1_000_000_000
"""A time, in seconds since the epoch, at which nobody is still writing the file."""


def run(size: int) -> Tally:
    """Damage `size` files, some hundreds at a time beside sound ones."""
    tally, rng = Tally(PROMISE), random.Random(11)
    import_early()
    while tally.tried < size:
        with home() as place:
            _batch(place, min(_BATCH, size - tally.tried), rng, tally)
    return tally


def _batch(place: Path, count: int, rng: random.Random, tally: Tally) -> None:
    sound = {a_deal(place, name=f"sound {number}").id for number in range(3)}
    whole = _a_whole_deal()
    paths = under(place)
    bends = [*BENDS.values(), None]
    for number in range(count):
        key = str(UUID(int=rng.getrandbits(128)))
        own = whole.replace(make_deal().id.encode(), key.encode())
        _put(paths.deals / f"{key}.json", own, bends[number % len(bends)], rng)
    tally.tried += count
    before = _tree(paths.deals)
    bad = _read_all(place, sound, tally)
    tally.check(_tree(paths.deals) == before, "corrupt", "reading changed something")
    _told(place, sound, bad, tally)
    tally.check(_tree(paths.deals) == before, "corrupt", "telling changed something")
    for path in paths.deals.iterdir():
        os.utime(path, (_OLD, _OLD), follow_symlinks=False)
    _set_aside(place, sound, bad, before, tally)


def _a_whole_deal() -> bytes:
    """Return the document of a deal with something of everything in it."""
    deal = make_deal(amount="1200000", currency="CNY")
    deal = contacts.add(deal, stamp("contact"), name="李工")
    deal = actions.add(deal, stamp("action"), text="约技术交流", due=NOW.date())
    deal = notes.add(deal, stamp("note"), "价格 \U0001f600 [/] `rm`")
    return json.dumps(
        json.loads(deal.model_dump_json(by_alias=True)), ensure_ascii=False, indent=1
    ).encode()


def _put(path: Path, data: bytes, bend: Bend | None, rng: random.Random) -> None:
    if bend is not None:
        path.write_bytes(bend(data, rng))
    elif rng.random() < 0.5:
        path.mkdir()
        (path / "kept").write_bytes(data)
    else:
        target = path.with_name(f"elsewhere {path.stem}")
        target.write_bytes(data)
        path.symlink_to(target.name)


def _tree(folder: Path) -> dict[str, bytes | str]:
    return {
        str(path.relative_to(folder)): (
            str(path.readlink())
            if path.is_symlink()
            else path.read_bytes()
            if path.is_file()
            else ""
        )
        for path in folder.rglob("*")
    }


def _read_all(place: Path, sound: set[str], tally: Tally) -> set[str]:
    """Read every deal; return those that are damaged."""
    store, bad = deal_store(under(place)), set()
    for key in store.ids():
        try:
            found = store.read(key)
            tally.check(found.id == key, "corrupt", f"{key} was read as {found.id}")
        except Damaged:
            bad.add(key)
        except NewerSchema:
            continue
        except StoreError as error:
            tally.blame("silent", f"{key}: {error}")
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            tally.blame("silent", f"{key}: {type(error).__name__}: {error}")
    tally.check(not sound & bad, "lost", f"sound deals are said to be damaged: {sound & bad}")
    return bad


def _told(place: Path, sound: set[str], bad: set[str], tally: Tally) -> None:
    """Look whether the shell tells of all of them, and does everything else."""
    listed = command(place, "list", "--status", "all", "--json")
    names = {deal["id"] for deal in json.loads(listed.out)["deals"]} if listed.code == 0 else set()
    tally.check(listed.code == 0 and sound <= names, "lost", f"list: {listed.err[-500:]}")
    tally.check(not names & bad, "silent", "a damaged deal is listed as if it were sound")
    table = command(place, "list", "--status", "all")
    told = re.search(r"Deals that cannot be read: (\d+)", table.err)
    fine = table.code == 0 and table.clean and told is not None and int(told[1]) >= len(bad)
    tally.check(fine, "silent", f"list tells: {table.err[-300:]!r} of {len(bad)}")
    doctor = command(place, "doctor", "--json")
    findings = json.loads(doctor.out)["findings"] if doctor.code in {0, 6} else []
    texts = [entry["text"] for entry in findings if entry["level"] == "damaged"]
    untold = [key for key in bad if not any(key in text for text in texts)]
    for key in untold:
        tally.blame("silent", f"doctor (exit {doctor.code}) does not tell of {key}")
    plain = command(place, "doctor")
    tally.check(
        plain.clean and plain.code == 6, "silent", f"doctor: {plain.code} {plain.err[-300:]}"
    )


def _set_aside(
    place: Path, sound: set[str], bad: set[str], before: dict[str, Any], tally: Tally
) -> None:
    """Write to a damaged deal and to a sound one, have the doctor mend, and look where every byte is."""
    paths = under(place)
    kept = {key: before[f"{key}.json"] for key in bad}
    for key, code in ((min(bad), 6), (min(sound), 0)):
        # The first writer of a damaged deal is refused, and a copy of it is set aside; all files stay where they are.
        outcome = command(place, "note", key, "a note")
        fine = outcome.clean and outcome.code in ({code} if code == 0 else {3, 6})
        tally.check(fine, "silent", f"note: exit {outcome.code} {outcome.err}")
    written = before | {f"{min(sound)}.json": _tree(paths.deals)[f"{min(sound)}.json"]}
    tally.check(_tree(paths.deals) == written, "corrupt", "writing moved another deal")
    with RunningApp(place) as app:
        try:
            app.shows("cannot be read")
        except AssertionError as error:
            tally.blame("silent", f"Home: {error}")
    tally.check(_tree(paths.deals) == written, "corrupt", "opening the app moved something")
    mended = command(place, "doctor", "--repair")
    tally.check(mended.clean, "silent", f"doctor --repair: {mended.err[-300:]}")
    aside = {one.document: one.path.read_bytes() for one in deal_store(paths).quarantined()}
    for key, data in kept.items():
        path = paths.deals / f"{key}.json"
        if isinstance(data, bytes) and key in aside:
            tally.check(aside[key] == data, "corrupt", f"{key} is not what it was")
        else:
            there = (
                path.is_dir() or path.is_symlink() or (path.is_file() and path.read_bytes() == data)
            )
            tally.check(there, "lost", f"{key} is gone")
    unsettled = [key for key in bad - aside.keys() if isinstance(kept[key], bytes) and kept[key]]
    odd = [key for key in unsettled if not (paths.deals / f"{key}.json").is_symlink()]
    tally.check(not odd, "silent", f"{odd} were not set aside")
    after = _tree(paths.deals)
    for name, data in before.items():
        if name.removesuffix(".json") not in bad | sound:
            tally.check(after.get(name) == data, "lost", f"{name} has changed")
