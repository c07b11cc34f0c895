"""Damages documents in every way bytes and names can be, and looks at what the program makes of them."""

from __future__ import annotations

import json
import os
import random
import re
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from salescoach.paths import under
from salescoach.settings import Settings
from salescoach.store.errors import Damaged, NewerSchema, NotFound, StoreError
from salescoach.workspace import Workspace
from tests.faults.app import RunningApp
from tests.faults.bends import BENDS, Bend
from tests.faults.commands import import_early
from tests.faults.kinds import DEALS, TRIED, Tried
from tests.faults.program import a_deal, command, forked, home
from tests.faults.tally import Tally

PROMISE: Final = "A damaged file: told, its bytes kept, the other deals load, no traceback"
SHORT, LONG = 300, 10_000
_BATCH: Final = 500
_OLD: Final = 1_000_000_000
"""A time, in seconds since the epoch, at which nobody is still writing the file."""


def run(size: int) -> Tally:
    """Damage `size` files of each kind, some hundreds at a time beside sound ones."""
    tally, rng = Tally(PROMISE), random.Random(11)
    import_early()
    for tried in TRIED:
        end = tally.tried + size
        while tally.tried < end:
            with home() as place:
                _batch(tried, place, min(_BATCH, end - tally.tried), rng, tally)
    return tally


def _batch(tried: Tried[Any], place: Path, count: int, rng: random.Random, tally: Tally) -> None:
    for number in range(3):
        a_deal(place, name=f"sound {number}", customer=f"sound {number}")
    paths, full = under(place), tried.full()
    folder, sound = tried.folder(paths), set(tried.example.store(paths).ids())
    raw = json.loads(full.model_dump_json(by_alias=True))
    whole = json.dumps(raw, ensure_ascii=False, indent=1).encode()
    bends = [*BENDS.values(), None]
    for number in range(count):
        key = str(UUID(int=rng.getrandbits(128)))
        own = whole.replace(full.id.encode(), key.encode())
        _put(folder / f"{key}.json", own, bends[number % len(bends)], rng)
    tally.tried += count
    before = _tree(folder)
    bad = _read_all(tried, place, sound, tally)
    tally.check(_tree(folder) == before, "corrupt", "reading changed something")
    _told(tried, place, sound, bad, tally)
    tally.check(_tree(folder) == before, "corrupt", "telling changed something")
    for path in folder.iterdir():
        os.utime(path, (_OLD, _OLD), follow_symlinks=False)
    _set_aside(tried, place, sound, bad, before, tally)


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


def _read_all(tried: Tried[Any], place: Path, sound: set[str], tally: Tally) -> set[str]:
    """Read every document; return those that are damaged."""
    store, bad = tried.example.store(under(place)), set()
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
    tally.check(not sound & bad, "lost", f"sound ones are said to be damaged: {sound & bad}")
    return bad


def _told(tried: Tried[Any], place: Path, sound: set[str], bad: set[str], tally: Tally) -> None:
    """Look whether the shell tells of all of them, and does everything else."""
    deals = sound if tried is DEALS else set(DEALS.example.store(under(place)).ids())
    listed = command(place, "list", "--status", "all", "--json")
    names = {deal["id"] for deal in json.loads(listed.out)["deals"]} if listed.code == 0 else set()
    tally.check(listed.code == 0 and deals <= names, "lost", f"list: {listed.err[-500:]}")
    tally.check(not names & bad, "silent", "a damaged deal is listed as if it were sound")
    table = command(place, "list", "--status", "all")
    fine = table.code == 0 and table.clean
    if tried is DEALS:
        told = re.search(r"Deals that cannot be read: (\d+)", table.err)
        fine = fine and told is not None and int(told[1]) >= len(bad)
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


def _write(tried: Tried[Any], place: Path, key: str) -> int:
    """Have the program change a document; return the exit code."""

    def change() -> int:
        door = tried.door(Workspace(under(place), Settings(lang="en"), lang="en"))
        try:
            door.edit(key, tried.renamed("another name"))
        except (Damaged, NotFound):
            return 6
        return 0

    outcome = command(place, *tried.note, key, "a note") if tried.note else forked(change)
    return outcome.code if outcome.clean else -1


def _set_aside(
    tried: Tried[Any],
    place: Path,
    sound: set[str],
    bad: set[str],
    before: dict[str, Any],
    tally: Tally,
) -> None:
    """Write to a damaged document and to a sound one, have the doctor mend, and look where every byte is."""
    folder = tried.folder(under(place))
    kept = {key: before[f"{key}.json"] for key in bad}
    for key, codes in ((min(bad), {3, 6}), (min(sound), {0})):
        # The first writer of a damaged one is refused, and a copy of it is set aside; all files stay where they are.
        code = _write(tried, place, key)
        tally.check(code in codes, "silent", f"a change of {tried.name} {key}: exit {code}")
    written = before | {f"{min(sound)}.json": _tree(folder)[f"{min(sound)}.json"]}
    tally.check(_tree(folder) == written, "corrupt", f"writing moved another {tried.name}")
    with RunningApp(place) as app:
        try:
            app.shows("cannot be read")
        except AssertionError as error:
            tally.blame("silent", f"Home: {error}")
    tally.check(_tree(folder) == written, "corrupt", "opening the app moved something")
    mended = command(place, "doctor", "--repair")
    tally.check(mended.clean, "silent", f"doctor --repair: {mended.err[-300:]}")
    quarantined = tried.example.store(under(place)).quarantined()
    aside = {one.document: one.path.read_bytes() for one in quarantined}
    for key, data in kept.items():
        path = folder / f"{key}.json"
        if isinstance(data, bytes) and key in aside:
            tally.check(aside[key] == data, "corrupt", f"{key} is not what it was")
        else:
            there = (
                path.is_dir() or path.is_symlink() or (path.is_file() and path.read_bytes() == data)
            )
            tally.check(there, "lost", f"{key} is gone")
    unsettled = [key for key in bad - aside.keys() if isinstance(kept[key], bytes) and kept[key]]
    odd = [key for key in unsettled if not (folder / f"{key}.json").is_symlink()]
    tally.check(not odd, "silent", f"{odd} were not set aside")
    after = _tree(folder)
    for name, data in before.items():
        if name.removesuffix(".json") not in bad | sound:
            tally.check(after.get(name) == data, "lost", f"{name} has changed")
