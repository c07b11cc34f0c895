"""Which modules each entry point may load: what a command or the first frame does not need costs it time.

Packages that are not the standard library's, and the program's own parts, are told exactly, so that a new import shows here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from salescoach.cli.registry import MODULES

MODELS = frozenset(
    {"annotated_types", "pydantic", "pydantic_core", "typing_extensions", "typing_inspection"}
)
"""What pydantic brings; only where a deal or the playbook is opened."""
SCREENS = frozenset({"platformdirs", "rich", "textual", "typing_extensions"})
SHELL = frozenset({"cli", "paths", "settings", "text", "words"})
LISTS = SHELL | {"document", "playbook", "store", "workspace"}
DEALS = LISTS | {"customer", "deal"}
JUDGED = DEALS | {"coach"}
HOME = (LISTS - {"cli", "playbook"}) | {"tui"}
SLOW = frozenset(
    {
        *("asyncio", "concurrent", "csv", "decimal", "difflib", "email", "fractions", "hashlib"),
        *("http", "logging", "multiprocessing", "platform", "random", "socket", "ssl"),
        *("subprocess", "sysconfig", "tempfile", "tomllib", "unittest", "uuid", "xml"),
        *("zipfile", "zoneinfo"),
    }
)
"""What of the standard library takes milliseconds to import and no list needs."""


class Entry(NamedTuple):
    """A command line, the other packages and the own parts that it loads, and whether it may load what is slow."""

    argv: str
    packages: frozenset[str]
    parts: frozenset[str]
    slow: bool = False


ENTRIES = (
    Entry("--version", frozenset(), frozenset({"cli"})),
    Entry("--help", frozenset(), SHELL),
    Entry("list --help", frozenset(), SHELL),
    Entry("paths", frozenset(), SHELL),
    Entry("config show", frozenset(), SHELL),
    Entry("list", frozenset(), LISTS),
    Entry("list --json", frozenset(), LISTS),
    Entry("list huading", frozenset(), LISTS | {"pinyin"}),
    Entry("next", frozenset(), LISTS),
    Entry("next --json", frozenset(), LISTS),
    Entry("completion bash", frozenset({"shtab"}), SHELL, slow=True),
    Entry("playbook show", MODELS, SHELL | {"playbook", "workspace"}, slow=True),
    Entry("show DEAL", MODELS, JUDGED, slow=True),
    Entry("history DEAL", MODELS, JUDGED, slow=True),
    Entry("check DEAL 1.1.1", MODELS, JUDGED, slow=True),
    Entry("note DEAL seen", MODELS, JUDGED, slow=True),
    Entry("doctor", MODELS, DEALS | {"explain"}, slow=True),
    Entry("config set me x", frozenset({"tomlkit"}), SHELL | {"store"}, slow=True),
)

_DUMP = """
import atexit, os, sys

def dump(path=os.environ["LOADED"], before=frozenset(sys.modules)):
    with open(path, "w") as file:
        file.write("\\n".join(set(sys.modules) - before))
"""
_COMMAND = """
atexit.register(dump)  # first, so that it runs last
from salescoach.cli import main
sys.exit(main(sys.argv[1:]))
"""
_FIRST_FRAME = """
class Shown(App):
    def on_ready(self):
        dump()
        strips = self.screen._compositor.render_strips()
        os.write(1, "\\n".join(strip.text for strip in strips).encode())
        os._exit(0)

Shown(*arguments).run(headless=True, size=(120, 36))
"""
_AT_REST = """
import asyncio

async def rest():
    app = App(*arguments)
    async with app.run_test(size=(120, 36)) as pilot:
        while not app._swept:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.5)
        dump()
        await pilot.press("2")
        for _ in range(500):
            if app._warm:
                break
            await asyncio.sleep(0.02)
        dump(os.environ["LOADED"] + "-touched")
    os._exit(0)

asyncio.run(rest())
"""
_APP = """
from salescoach.workspace import open_workspace
arguments = [open_workspace(lang="en")]
from salescoach.tui.app import CoachApp as App
"""
_MINIMAL = """
sys.path.insert(0, sys.argv[1])
from minimal import Minimal as App
arguments = []
"""


class Loaded(NamedTuple):
    """What a process loaded by itself."""

    modules: frozenset[str]
    out: str

    @property
    def packages(self) -> set[str]:
        """Those that are neither the standard library's nor the program's."""
        tops = {name.partition(".")[0] for name in self.modules}
        own = {"salescoach", "minimal"}
        return {top for top in tops - sys.stdlib_module_names - own if not top.startswith("_")}

    @property
    def parts(self) -> set[str]:
        """The program's own parts."""
        names = [name.split(".") for name in self.modules]
        return {name[1] for name in names if name[0] == "salescoach" and len(name) > 1}

    @property
    def standard(self) -> set[str]:
        """The standard library's packages, without those that are its own affair."""
        tops = {name.partition(".")[0] for name in self.modules}
        return {top for top in tops & sys.stdlib_module_names if not top.startswith("_")}


def _run(script: str, *argv: str, into: Path) -> Loaded:
    place = into / "loaded"
    ran = subprocess.run(
        [sys.executable, "-c", _DUMP + script, *argv],
        capture_output=True,
        env={**os.environ, "LOADED": str(place)},
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    return Loaded(frozenset(place.read_text("ascii").split()), ran.stdout.decode())


@pytest.fixture
def deal(tmp_path: Path) -> str:
    """Return the id of a deal that the index knows."""
    made = _run(_COMMAND, "new", "CRM 升级", "-c", "华鼎数据", into=tmp_path)
    # The first list of all makes the index, and the pinyin that is in it, once.
    assert _run(_COMMAND, "list", into=tmp_path).packages == MODELS | {"pypinyin"}
    return made.out.strip()


def test_each_command_loads_exactly_what_it_needs(deal: str, tmp_path: Path) -> None:
    for entry in ENTRIES:
        argv = [deal if word == "DEAL" else word for word in entry.argv.split()]
        loaded = _run(_COMMAND, *argv, into=tmp_path)
        assert loaded.packages == entry.packages, entry.argv
        assert loaded.parts == entry.parts, entry.argv
        if not entry.slow:
            assert not loaded.standard & SLOW, entry.argv


def test_the_version_loads_next_to_nothing(tmp_path: Path) -> None:
    loaded = _run(_COMMAND, "--version", into=tmp_path)
    own = {name for name in loaded.modules if name.startswith("salescoach")}
    assert own == {"salescoach", "salescoach.cli"}
    assert len(loaded.modules) < 6


def test_copying_the_playbook_loads_no_screens(tmp_path: Path) -> None:
    loaded = _run(_COMMAND, "playbook", "copy", str(tmp_path / "mine"), into=tmp_path)
    assert not loaded.packages & {"textual", "rich", "tomlkit", "pypinyin"}


def test_a_command_loads_the_module_of_no_other(tmp_path: Path) -> None:
    loaded = _run(_COMMAND, "paths", into=tmp_path)
    commands = {f"salescoach.cli.{module}" for module in MODULES.values()}
    assert loaded.modules & commands == {"salescoach.cli.paths"}


def test_the_first_frame_of_home_loads_little_more_than_the_least_app(
    deal: str, tmp_path: Path
) -> None:
    """Nothing else of Textual or any other package, and of the standard library only what reads the index."""
    home = _run(_APP + _FIRST_FRAME, into=tmp_path)
    assert "Deals 1 " in home.out
    assert "CRM" in home.out
    folder = Path(__file__).with_name("bench")
    least = _run(_MINIMAL + _FIRST_FRAME, str(folder), into=tmp_path)
    assert "READY 0" in least.out

    assert home.packages == SCREENS
    assert home.parts == HOME
    more = Loaded(home.modules - least.modules, "")
    assert more.packages == set()
    assert more.standard == {"gc", "json", "sqlite3"}
    own = {name for name in home.modules if name.startswith("salescoach.")}
    opens = ("salescoach.store.documents", "salescoach.store.files.codec", "salescoach.deal")
    assert not {name for name in own if name.startswith(opens)}
    of_documents = {name for name in own if name.startswith("salescoach.document.")}
    assert of_documents == {"salescoach.document.kind"}
    parts = ("screens", "deal", "home", "keep", "customer")
    of_screens = {
        name.removeprefix("salescoach.tui.")
        for name in own
        if name.startswith(tuple(f"salescoach.tui.{part}." for part in parts))
    }
    home_parts = {f"home.{name}" for name in ("bars", "finishing", "lists", "screen", "sources")}
    assert of_screens == {"screens.base", "keep.editing", *home_parts}


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        (
            "salescoach.workspace",
            {
                "pydantic",
                "textual",
                "platformdirs",
                "filelock",
                "rich",
                "sqlite3",
                "tomllib",
                "pypinyin",
            },
        ),
        (
            "salescoach.store.index.cache",
            {"pydantic", "textual", "filelock", "pypinyin", "rapidfuzz"},
        ),
        ("salescoach.store.index.refresh", {"pydantic", "textual", "filelock"}),
        ("salescoach.settings", {"pydantic", "tomllib", "tomlkit", "difflib"}),
    ],
)
def test_what_an_import_brings_along(module: str, unwanted: set[str], tmp_path: Path) -> None:
    loaded = _run(f"import {module}; dump()", into=tmp_path)
    assert module in loaded.modules
    assert unwanted.isdisjoint(loaded.packages | loaded.standard)


def test_home_at_rest_holds_no_models_until_it_is_touched(deal: str, tmp_path: Path) -> None:
    """They take as much memory as half of Textual; a person's first key has them loaded before a deal is opened."""
    assert deal
    loaded = _run(_APP + _AT_REST, into=tmp_path)
    assert not loaded.packages & {"pydantic", "pydantic_core"}
    assert "coach" not in loaded.parts
    touched = set((tmp_path / "loaded-touched").read_text("ascii").split())
    assert {"pydantic", "salescoach.deal.models", "salescoach.tui.deal.screen"} <= touched
