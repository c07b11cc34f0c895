"""Lets each call to the system that a shell command makes fail, in the process itself, below Python and SQLite."""

from __future__ import annotations

import atexit
import errno
import importlib
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from salescoach.cli.registry import MODULES
from salescoach.paths import Paths, under
from salescoach.settings import load_settings
from tests.bench.home import APP, environ
from tests.faults import killed, shim
from tests.faults.kinds import TRIED
from tests.faults.program import TOP, Outcome, a_deal, command, forked, home
from tests.faults.syscalls import CODES
from tests.faults.tally import Tally, from_json
from tests.kinds import deal_store, joined_deals

PROMISE: Final = "The same through shell commands: done, or one line and an exit code, no traceback"
SHORT, LONG = 1, 150
_STARTED = 0.02
"""The share of tries that start the program anew instead of forking a copy that is ready."""
_EARLY = (
    *(f"salescoach.cli.{name}" for name in ("dispatch", "failures", "table")),
    *(f"salescoach.{name}" for name in ("store.index.cache", "store.index.refresh", "explain")),
    *(f"salescoach.coach.{name}" for name in ("summary", "advice", "gates", "tell", "checks")),
    "salescoach.playbook.parse",
    "tomlkit",
)
"""What commands import when they come to it."""


@dataclass(frozen=True, slots=True)
class Shell:
    """A command, whether it only reads, and how to see that it was done."""

    arguments: Sequence[str]
    done: Callable[[Paths, Outcome], bool]
    before: Sequence[Sequence[str]] = ()
    """Commands that make it possible."""


def run(size: int) -> Tally:
    """Try at most `size` failing calls of each command."""
    with tempfile.TemporaryDirectory(prefix="salescoach-faults-") as folder:
        try:
            library = shim.build(Path(folder))
        except shim.NoShim as reason:
            return Tally(PROMISE, skipped=str(reason))
        done = subprocess.run(
            [sys.executable, "-m", __name__, str(size), str(library)],
            cwd=TOP,
            env=environ(Path(folder)) | {"LD_PRELOAD": str(library)},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return from_json(done.stdout)


def _run(size: int, library: str) -> Tally:
    tally, rng = Tally(PROMISE), random.Random(3)
    import_early()
    with home() as place:
        deal = a_deal(place)
        command(place, "list")
        ready = place.rename(place.with_name("ready"))
        for one in shells(deal.id):
            _try_all(one, ready, place, size, rng, tally, library)
    return tally


def import_early() -> None:
    """Import once what commands need, so that every forked copy begins with what it does."""
    for name in (*(f"salescoach.cli.{name}" for name in MODULES.values()), *_EARLY):
        importlib.import_module(name)


def _try_all(
    one: Shell, ready: Path, place: Path, size: int, rng: random.Random, tally: Tally, library: str
) -> None:
    mine = ready.with_name("mine")
    shutil.copytree(ready, mine)
    for arguments in one.before:
        command(mine, *arguments)
    shutil.copytree(mine, place)
    outcome, calls = _failing(place, one.arguments, 0, 0)
    tally.check(outcome.code == 0, "silent", f"{one.arguments}: {outcome.err}")
    tally.check(calls > 3, "silent", f"{one.arguments} made {calls} calls")
    tries = list(itertools.product(range(1, calls + 1), CODES))
    for number, code in rng.sample(tries, min(size, len(tries))):
        shutil.rmtree(place)
        shutil.copytree(mine, place)
        tally.tried += 1
        before = stored_bytes(place)
        if rng.random() < _STARTED:
            outcome = _started(place, one.arguments, number, code, library)
        else:
            outcome, _ = _failing(place, one.arguments, number, code)
        met = f"{' '.join(one.arguments)}: call {number} {errno.errorcode[code]}"
        judge(one, place, outcome, before, met, tally)
        try_again(one, place, outcome, met, tally)
    shutil.rmtree(place)
    shutil.rmtree(mine)


def judge(
    one: Shell, place: Path, outcome: Outcome, before: object, met: str, tally: Tally
) -> None:
    """Count what is wrong with how a command ended, and with the list that follows; `before` are `stored_bytes`."""
    paths = under(place)
    said = f"{met}: exit {outcome.code}, {outcome.err[-300:]!r}"
    if outcome.code == 0:
        tally.check(outcome.clean, "silent", said)
        tally.check(one.done(paths, outcome), "lost", f"{said} {outcome.out[:200]!r}")
    else:
        tally.check(outcome.told, "silent", said)
        if any(paths.unfinished.glob("*.json")):
            # One of several documents is saved: whoever writes next saves the others.
            forked(lambda: killed.start(place))
            tally.check(one.done(paths, outcome), "lost", f"{said}: it stays half done")
        else:
            tally.check(stored_bytes(place) == before, "corrupt", f"{said}: not as before")
    listed = command(place, "list", "--json")
    names = {deal["name"] for deal in json.loads(listed.out)["deals"]} if listed.out else None
    store = deal_store(paths)
    tally.check(
        names == {store.read(key).name for key in store.ids()},
        "silent",
        f"{said}: then the list says {names} {listed.err}",
    )


def try_again(one: Shell, place: Path, outcome: Outcome, met: str, tally: Tally) -> None:
    """Do what failed once more, the fault being gone."""
    if outcome.code != 0:
        again = command(place, *one.arguments)
        helped = again.code == 0 and one.done(under(place), again)
        tally.check(helped, "lost", f"{met}: trying again does not help: {again.err}")


def _failing(place: Path, arguments: Sequence[str], number: int, code: int) -> tuple[Outcome, int]:
    """Run a command in a copy of this process in which one call fails; return also how many there were."""
    reading, writing = os.pipe()

    def before() -> None:
        atexit.register(lambda: os.write(writing, str(shim.calls()).encode()))
        shim.arm(place, number, code)

    outcome = command(place, *arguments, before=before)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        return outcome, int(pipe.read() or 0)


def _started(
    place: Path, arguments: Sequence[str], number: int, code: int, library: str
) -> Outcome:
    armed = {"FAULTS_ROOT": str(place), "FAULTS_AT": str(number), "FAULTS_ERRNO": str(code)}
    done = subprocess.run(
        [*APP, *arguments],
        env=environ(place) | armed | {"LD_PRELOAD": library},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def stored_bytes(place: Path) -> dict[str, bytes]:
    """Return what a command that failed may not change: documents and settings."""
    paths = under(place)
    folders = [tried.folder(paths) for tried in TRIED]
    found = {path.name: path.read_bytes() for one in folders for path in one.glob("*.json")}
    if paths.config_file.exists():
        found["config"] = paths.config_file.read_bytes()
    return found


def shells(key: str) -> Sequence[Shell]:
    """Return the commands that are tried on the deal with the id `key`."""

    def name(paths: Paths) -> str:
        return deal_store(paths).read(key).name

    def unread(outcome: Outcome) -> bool:
        """A list without a deal that could not be read just then says so."""
        return "Deals that cannot be read: 1" in outcome.err

    def note(paths: Paths, outcome: Outcome) -> bool:
        notes = deal_store(paths).read(key).notes.values()
        return [one.text for one in notes] == ["they called"]

    def made(paths: Paths, outcome: Outcome) -> bool:
        return outcome.out.strip() in deal_store(paths).ids() and len(deal_store(paths).ids()) == 2

    def ticked(paths: Paths, outcome: Outcome) -> bool:
        return any(one.state == "claimed" for one in deal_store(paths).read(key).items.values())

    def added(paths: Paths, outcome: Outcome) -> bool:
        deal = joined_deals(paths).read(key)
        customer = deal.customer_record
        return (
            customer is not None
            and bool(people := customer.people.keys())
            and (people == deal.stakeholders.keys())
        )

    def chosen(paths: Paths, outcome: Outcome) -> bool:
        return load_settings(paths.config_file, {})[0].me == "Anna"

    renamed = ("edit", key, "--name", "new name")
    return (
        Shell(("note", key, "they called"), note),
        Shell(renamed, lambda paths, _: name(paths) == "new name"),
        Shell(("undo", key), lambda paths, _: name(paths) == "CRM 升级", (renamed,)),
        Shell(("redo", key), lambda paths, _: name(paths) == "new name", (renamed, ("undo", key))),
        Shell(("contact", "add", key, "Ann"), added),
        Shell(("new", "Another", "--customer", "Globex"), made),
        Shell(("check", key, "1.1.1"), ticked),
        Shell(("config", "set", "me", "Anna"), chosen),
        Shell(("config", "set", "me", "Anna"), chosen, (("config", "set", "me", "Bo"),)),
        Shell(("list", "--json"), lambda _, outcome: key in outcome.out or unread(outcome)),
        Shell(("list",), lambda _, outcome: "CRM" in outcome.out or unread(outcome)),
        Shell(("show", key), lambda _, outcome: "CRM" in outcome.out),
    )


if __name__ == "__main__":
    print(_run(int(sys.argv[1]), sys.argv[2]).to_json())
