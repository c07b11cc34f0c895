"""Whatever stands where the settings or a cache should be, no command stops: one line says how to mend it."""

from __future__ import annotations

import os
import signal
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from salescoach.settings import KEYS
from tests.cli.conftest import Run

Place = Callable[[Path], object]


def _text(text: str) -> Place:
    return lambda path: path.write_text(text, "utf-8")


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1024**3)


BAD: dict[str, Place] = {
    "a number of 4,000 digits": _text("stalled_days = " + "9" * 4_000),
    "a number of 5,000 digits": _text("stalled_days = " + "9" * 5_000),
    "a hexadecimal number of 9,000 digits": _text("stalled_days = 0x" + "f" * 9_000),
    "a number of 5,000 digits in a list": _text("me = [0x" + "f" * 9_000 + "]"),
    "keys nested 5,000 deep": _text("lang" + ".a" * 5_000 + " = 1"),
    "keys of the keymap nested 5,000 deep": _text("keymap" + ".a" * 5_000 + " = 'n'"),
    "unknown keys nested 5,000 deep": _text("x" + ".a" * 5_000 + " = 1"),
    "lists nested 5,000 deep": _text("me = " + "[" * 5_000 + "]" * 5_000),
    "tables nested 5,000 deep": _text("me = " + "{a=" * 5_000 + "1" + "}" * 5_000),
    "a key of 0.8 MB": _text('"' + "k" * 800_000 + '" = 1'),
    "a dotted key of 0.8 MB": _text("a" + ".a" * 400_000 + " = 1"),
    "a table's name of 0.8 MB": _text("[a" + ".a" * 400_000 + "]"),
    "a command of 0.8 MB in the keymap": _text('[keymap]\n"' + "k" * 800_000 + '" = "n"'),
    "keys of 0.8 MB in the keymap": _text('[keymap]\n"home.new" = "' + "n," * 400_000 + '"'),
    "a keymap of 50,000 lines": _text(
        "[keymap]\n" + "".join(f'"home.x{number}" = "n"\n' for number in range(50_000))
    ),
    "a named pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a device without an end": lambda path: path.symlink_to("/dev/zero"),
    "a file of 1 GB": _sparse,
    "a link that leads to itself": lambda path: path.symlink_to(path),
}


@pytest.fixture(autouse=True)
def _limit() -> Iterator[None]:
    """Fail a test that hangs instead of waiting for it."""

    def late(*_: object) -> None:
        raise AssertionError("it hangs")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(15)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("name", BAD)
def test_no_settings_stop_a_command(run: Run, home: Path, name: str) -> None:
    deal = run("new", "CRM", "-c", "Acme").out.strip()
    path = home / "config.toml"
    path.unlink()  # the first change put the user's id there
    BAD[name](path)
    shown = run("config", "show")
    for key in KEYS[:-1]:
        assert key in shown.out
    assert 1 <= len(shown.err.splitlines()) <= 3, shown.err[:2000]
    assert str(path) in shown.err
    assert len(shown.err) < 2_000
    assert run("config", "show", "--json").data["settings"]["stalled_days"] == 14
    assert "CRM" in run("list").out
    run("note", deal, "a note")
    doctor = run("doctor", "--json", code=1).data["findings"]
    assert any(one["area"] == "settings" and one["mend"] for one in doctor)
    for arguments in (("set", "stalled_days", "20"), ("edit",)):
        before = path.lstat()
        os.environ["VISUAL"] = "true"
        ran = run("config", *arguments, code=None)
        del os.environ["VISUAL"]
        assert len(ran.err.splitlines()) <= 3
        if ran.code:
            assert str(path) in ran.err
            assert path.lstat() == before


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("stalled_days", "9" * 4_000),
        ("stalled_days", "0x" + "f" * 9_000),
        ("me", "m" * 800_000),
        ("theme", "t" * 800_000),
        ("keymap", "n" * 800_000),
        ("k" * 800_000, "1"),
        ("keymap" + ".a" * 5_000, "n"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_one_line(
    run: Run, home: Path, key: str, value: str
) -> None:
    ran = run("config", "set", key, value, code=2)
    assert len(ran.err.splitlines()) == 1
    assert len(ran.err) < 1_000
    assert not (home / "config.toml").exists()


def test_settings_out_of_a_backup_stop_nothing_either(run: Run, home: Path, tmp_path: Path) -> None:
    path = home / "config.toml"
    path.parent.mkdir(parents=True)
    BAD["a key of 0.8 MB"](path)
    backup = tmp_path / "b.zip"
    run("backup", str(backup))
    assert zipfile.is_zipfile(backup)
    path.unlink()
    run("restore", str(backup))
    assert path.exists()
    run("list")
    path.unlink()
    os.mkfifo(path)
    run("restore", str(backup), code=None)


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_what_is_no_file_in_the_place_of_the_index_does_not_hang(
    run: Run, deal: str, home: Path, kind: str, suffix: str
) -> None:
    run("list")
    for path in (home / "cache").glob("*.sqlite*"):
        path.unlink()
    path = home / "cache" / f"index.sqlite{suffix}"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    run("doctor", "--json", code=None)
    assert deal in run("list", "--json").out
    assert deal in run("list", "--json").out


@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_what_is_no_file_in_the_place_of_the_parsed_playbook_does_not_hang(
    run: Run, deal: str, home: Path, kind: str
) -> None:
    (path,) = (home / "cache").glob("playbook-*.json")
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    run("doctor", "--json", code=None)
    assert run("next", deal).out
