"""A shell for the tests: commands run in this process, what they wrote is read back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from salescoach.cli import main


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        """The JSON on stdout."""
        found: dict[str, Any] = json.loads(self.out)
        return found


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs `salescoach ARGS...`; it fails the test on a traceback."""

    def run_it(*argv: str, code: int | None = 0) -> Ran:
        capsys.readouterr()
        got = main(argv)
        captured = capsys.readouterr()
        ran = Ran(got, captured.out, captured.err)
        assert "Traceback" not in ran.out + ran.err
        assert code is None or got == code, (argv, ran)
        return ran

    return run_it


@pytest.fixture
def deal(run: Run) -> str:
    """Return the id of a deal in its first stage."""
    ran = run("new", "CRM 升级", "--customer", "华鼎数据", "--amount", "120万", "--close", "+60d")
    return ran.out.strip()


def user_id(run: Run) -> str:
    """Return the user's id as the settings have it."""
    found: str = run("config", "show", "--json").data["settings"]["user_id"]
    return found
