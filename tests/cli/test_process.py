"""True processes: exit codes, pipes, locales and bytes that are no text."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

import pytest

COACH = (sys.executable, "-m", "salescoach")


def _env(**changes: str) -> dict[str, str]:
    return {**os.environ, **changes}


def _coach(*argv: str | bytes, **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COACH, *argv], capture_output=True, env=_env(**env), check=False, timeout=60
    )


def test_the_exit_code_and_the_streams_are_those_of_a_command() -> None:
    made = _coach("new", "CRM 升级", "-c", "华鼎数据")
    assert made.returncode == 0
    assert len(made.stdout.strip()) == 36
    assert "CRM 升级" in made.stderr.decode()
    assert _coach("show", "nothing").returncode == 3
    assert _coach("shwo").returncode == 2


@pytest.mark.parametrize(
    ("encoding", "locale"), [("ascii", "C"), ("cp1252", "C"), ("gb18030", "zh_CN.GB18030")]
)
def test_a_terminal_without_chinese_is_no_reason_to_fail(encoding: str, locale: str) -> None:
    env = {"PYTHONIOENCODING": encoding, "LC_ALL": locale, "PYTHONUTF8": "0"}
    made = _coach("new", "CRM 升级", "-c", "华鼎数据", PYTHONUTF8="1")
    deal = made.stdout.decode().strip()
    for argv in (
        ("list",),
        ("--lang", "zh", "list"),
        ("--lang", "zh", "show", deal),
        ("--lang", "zh", "show", deal[:8], "--stage", "1"),
        ("--lang", "zh", "--help"),
        ("--lang", "zh", "shwo"),
        ("--lang", "zh", "doctor"),
    ):
        ran = _coach(*argv, **env)
        assert b"Traceback" not in ran.stderr, argv
        assert b"Error" not in ran.stderr, argv
        assert ran.stdout or ran.stderr
    listed = _coach("list", "--json", **env)
    assert json.loads(listed.stdout.decode(encoding))["deals"][0]["name"] == "CRM 升级"
    shown = _coach("show", deal, "--json", **env)
    assert json.loads(shown.stdout.decode(encoding))["deal"]["customer"] == "华鼎数据"


def test_bytes_that_are_no_text_are_dropped_from_a_name() -> None:
    made = _coach("new", b"Acme \xff\xfe deal", "-c", b"\xe5\x8d\x8eAcme\xc3")
    assert made.returncode == 0
    listed = json.loads(_coach("list", "--json").stdout)["deals"][0]
    assert (listed["name"].split(), listed["customer"]) == (["Acme", "deal"], "华Acme")
    refused = _coach("show", b"\xff\xfe")
    assert refused.returncode == 3
    assert b"Traceback" not in refused.stderr
    assert _coach("new", b"\xff", "-c", "x").returncode == 2


def test_a_reader_that_goes_away_is_no_error() -> None:
    for argv in (["playbook", "show", "--json"], ["--version"], ["--help"]):
        with subprocess.Popen(
            [*COACH, *argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_env()
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            told = process.stderr.read()
            process.wait(60)
        assert told == b""
        assert process.returncode == 141


def test_colour_is_for_terminals_that_want_it() -> None:
    _coach("new", "CRM", "-c", "Acme")
    assert b"\x1b[" in _on_a_terminal("show", "CRM")
    assert b"\x1b[" not in _on_a_terminal("show", "CRM", NO_COLOR="1")
    assert b"\x1b[" not in _on_a_terminal("show", "CRM", TERM="dumb")
    assert b"\x1b[" not in _on_a_terminal("--no-color", "show", "CRM")
    assert b"\x1b[" not in _on_a_terminal("show", "CRM", "--no-color")
    assert b"Acme" in _on_a_terminal("list")
    assert b"\x1b[" not in _on_a_terminal("list", NO_COLOR="1")


def test_the_doctor_asks_a_terminal_that_never_answers_only_for_a_moment() -> None:
    assert b"did not tell" in _on_a_terminal("doctor")


def _on_a_terminal(*argv: str, **env: str) -> bytes:
    """Run a command on a pseudo-terminal and return what it wrote there."""
    ours, theirs = pty.openpty()
    environ = _env(**{"TERM": "xterm-256color"} | env)
    process = subprocess.Popen(
        [*COACH, *argv], stdin=theirs, stdout=theirs, stderr=theirs, env=environ
    )
    os.close(theirs)
    written = b""
    try:
        while chunk := os.read(ours, 65536):
            written += chunk
    except OSError:
        pass  # the other end is closed: all is read
    finally:
        os.close(ours)
        process.wait(60)
    return written
