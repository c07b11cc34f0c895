"""Closed and full streams, homes that are not there, deleted folders: a line and the true exit code, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

COACH = f"{sys.executable} -P -m salescoach"


def ran(script: str, **env: str | None) -> tuple[int, str]:
    """Run a shell script in which $COACH is the program; return its exit code and what it wrote to both streams."""
    environ = {**os.environ, "COACH": COACH} | {k: v for k, v in env.items() if v is not None}
    for name in [name for name, value in env.items() if value is None]:
        environ.pop(name, None)
    done = subprocess.run(
        ["sh", "-c", script], capture_output=True, text=True, env=environ, timeout=60, check=False
    )
    told = done.stdout + done.stderr
    assert "Traceback" not in told, told
    assert "Exception" not in told, told
    return done.returncode, told


@pytest.fixture
def deal(home: Path) -> str:
    code, told = ran("$COACH new CRM -c Acme 2>/dev/null")
    assert code == 0
    return told.strip()


@pytest.mark.parametrize(
    "script", ["list", "list --json", "--version", "show CRM", "--help", "paths"]
)
@pytest.mark.parametrize("where", [">&-", ">/dev/full"])
def test_a_result_that_cannot_be_written_is_told(script: str, where: str, deal: str) -> None:
    code, told = ran(f"$COACH {script} {where}")
    assert code == 1
    assert len(told.splitlines()) == 1
    assert "standard output" in told


@pytest.mark.parametrize("where", ["2>&-", "2>/dev/full", "<&-", "2>&- <&-"])
def test_a_change_is_made_and_its_code_is_true_though_nobody_can_be_told(
    where: str, deal: str
) -> None:
    assert ran(f"$COACH note {deal} text {where}")[0] == 0
    assert "text" in ran(f"$COACH show {deal}")[1]
    assert ran(f"$COACH show nothing {where}")[0] == 3
    assert ran(f"$COACH shwo {where}")[0] == 2


def test_a_deal_is_never_written_over_by_a_message(deal: str, home: Path) -> None:
    for number in range(3):
        assert ran(f"$COACH note {deal} text-{number} >&- 2>&- <&-")[0] == 0
    assert "text-2" in ran(f"$COACH show {deal}")[1]
    assert ran("$COACH doctor")[0] == 0


def test_a_note_from_a_closed_input_is_refused(deal: str) -> None:
    code, told = ran(f"$COACH note {deal} - <&-")
    assert code == 2
    assert len(told.splitlines()) == 1


def test_the_app_without_any_stream_says_so() -> None:
    assert ran("$COACH >&- 2>&- <&-")[0] == 1
    code, told = ran("$COACH <&-")
    assert code == 1
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize(
    "command", ["list", "new X -c Y", "doctor", "paths", "show X", "", "--help"]
)
def test_the_home_of_nobody_is_told(command: str) -> None:
    code, told = ran(f"$COACH {command}", SALESCOACH_HOME="~nouser-at-all/x")
    if command == "--help":
        assert code == 0
        return
    assert code == 1
    assert len(told.splitlines()) == 1
    assert "~nouser-at-all/x" in told or command == ""


@pytest.mark.parametrize("command", ["list", "paths", "new X -c Y"])
def test_a_user_without_a_home_is_told(command: str) -> None:
    setup = "import os, pwd, sys\n"
    setup += "def nobody(uid): raise KeyError(uid)\npwd.getpwuid = nobody\n"
    setup += f'from salescoach.cli import main\nsys.exit(main("{command}".split()))'
    none = dict.fromkeys(
        (
            "SALESCOACH_HOME",
            "HOME",
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "XDG_STATE_HOME",
            "XDG_CACHE_HOME",
        )
    )
    code, told = ran(f"{sys.executable} -P -c '{setup}'", **none)
    assert code == 1
    assert len(told.splitlines()) == 1
    assert "SALESCOACH_HOME" in told


def test_a_current_folder_that_was_deleted_is_no_matter(tmp_path: Path, deal: str) -> None:
    gone = tmp_path / "gone"
    enter = f"mkdir {gone} && cd {gone} && rmdir {gone} &&"
    for command in ("list", "--version", f"note {deal} text", "doctor"):
        assert ran(f"{enter} $COACH {command}")[0] == 0
    code, told = ran(f"{enter} $COACH list", SALESCOACH_HOME="below/here")
    assert code == 1
    assert len(told.splitlines()) == 1
    assert "below/here" in told
