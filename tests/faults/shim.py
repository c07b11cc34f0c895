"""Builds the library that makes calls to the system fail, and speaks to it."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")


class NoShim(Exception):
    """There can be no such library here; the message says why."""


def build(folder: Path) -> Path:
    """Compile the library into `folder` and return it. Raises NoShim."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None or not os.uname().sysname == "Linux":
        raise NoShim("no C compiler" if compiler is None else "no LD_PRELOAD")
    made = folder / "shim.so"
    done = subprocess.run(
        [compiler, "-O1", "-shared", "-fPIC", "-o", str(made), str(SOURCE), "-ldl"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise NoShim("the C compiler does not take it")
    return made


def arm(place: Path, number: int, code: int) -> None:
    """Let the call `number` from now on that concerns a file below `place` fail with `code`; 0 means none."""
    _library().faults_arm(os.fsencode(place), number, code)


def calls() -> int:
    """Return how many calls there were since."""
    return int(_library().faults_calls())


def met() -> str:
    """Return the name of the call that failed; empty while none did."""
    told: bytes = _library().faults_met()
    return told.decode()


def _library() -> ctypes.CDLL:
    found = ctypes.CDLL(None)
    found.faults_arm.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_int]
    found.faults_calls.restype = ctypes.c_long
    found.faults_met.restype = ctypes.c_char_p
    return found
