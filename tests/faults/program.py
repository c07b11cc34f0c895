"""Runs the program: as a process of its own, or as a forked copy of this one, which saves starting it a thousand times."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from salescoach.deal.models import Deal
from salescoach.paths import Paths, under
from salescoach.settings import Settings
from salescoach.workspace import Workspace
from tests.bench.home import APP, environ
from tests.kinds import joined_deals

TOP = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of the program said: its exit code and the two streams."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> bool:
        """Whether it failed as a program should: an exit code, one line for a person, no traceback."""
        return self.code > 0 and len(self.err.splitlines()) == 1 and "Traceback" not in self.err

    @property
    def clean(self) -> bool:
        """Whether no traceback came out, whatever else did."""
        return self.code >= 0 and "Traceback" not in self.err + self.out


@contextmanager
def home() -> Iterator[Path]:
    """Give a folder that stands for SALESCOACH_HOME, and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="salescoach-faults-") as folder:
        yield Path(folder) / "home"


def a_deal(place: Path, **fields: str) -> Deal:
    """Create a deal of the packaged playbook below `place` and return it."""
    workspace = Workspace(under(place), Settings(lang="en"), lang="en")
    deal = workspace.create(**{"name": "CRM 升级", "customer": "华鼎数据"} | fields)
    workspace.settle()
    workspace.index.close()
    return deal


def stored(paths: Paths, deal_id: str) -> Deal:
    """Return a deal with its customer, as a program that has just started reads them."""
    return joined_deals(paths).read(deal_id)


def shell(place: Path, *arguments: str, timeout: float = 60) -> Outcome:
    """Run a shell command as a process of its own."""
    done = subprocess.run(
        [*APP, *arguments],
        env=environ(place),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def forked(work: Callable[[], int]) -> Outcome:
    """Run `work` in a forked copy of this process, which must have no other thread; its result is the exit code."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            _inside(work, out.fileno(), err.fileno())
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        told = []
        for file in (out, err):
            file.seek(0)
            told.append(file.read().decode("utf-8", "replace"))
        return Outcome(code, *told)


def command(place: Path, *arguments: str, before: Callable[[], object] = lambda: None) -> Outcome:
    """Run a shell command in a forked copy of this process, `before` having been called there first."""
    return forked(lambda: _commanded(place, arguments, before))


def _commanded(place: Path, arguments: Sequence[str], before: Callable[[], object]) -> int:
    from salescoach.cli import main

    os.environ.clear()
    os.environ.update(environ(place))
    before()
    return main(arguments)


def _inside(work: Callable[[], int], out: int, err: int) -> None:
    code = 70
    try:
        atexit._clear()
        os.dup2(out, 1)
        os.dup2(err, 2)
        code = work()
        # What a process does when it ends by itself, such as writing the index.
        atexit._run_exitfuncs()
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 - a fork must never go on as its parent
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def child(module: str, place: Path, *arguments: object) -> subprocess.Popen[bytes]:
    """Start `python -m module` over the home `place`; what it says is not heard."""
    return subprocess.Popen(
        [sys.executable, "-m", module, str(place), *map(str, arguments)],
        cwd=TOP,
        env=environ(place),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
