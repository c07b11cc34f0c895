"""The doctor finds what is wrong and says how to mend it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from salescoach.cli import terminal
from tests.cli.conftest import Run


def _levels(run: Run, code: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in run("doctor", "--json", code=code).data["findings"]:
        found.setdefault(entry["level"], []).append(f"{entry['text']} {entry['mend']}")
    return found


def test_all_is_well_on_a_fresh_machine_and_after_a_deal(run: Run) -> None:
    assert "All is well" in run("doctor").err
    run("new", "CRM", "-c", "Acme")
    assert "All is well" in run("doctor").err
    assert "一切正常" in run("--lang", "zh", "doctor").err


def test_damaged_deals_are_found(run: Run, deal: str, home: Path) -> None:
    (home / "deals" / f"{deal}.json").write_bytes(b"\0" * 100)
    damaged = _levels(run, 6)["damaged"]
    assert any(deal in text and "history" in text for text in damaged)


def test_what_was_set_aside_is_found(run: Run, deal: str, home: Path) -> None:
    quarantine = home / "state" / "quarantine"
    quarantine.mkdir(mode=0o700, parents=True)
    (quarantine / f"{deal}.20261123T090000.json").write_text("{")
    assert any("set aside" in text for text in _levels(run, 6)["damaged"])


def test_open_permissions_are_found_with_the_command_that_mends_them(
    run: Run, deal: str, home: Path
) -> None:
    file = home / "deals" / f"{deal}.json"
    file.chmod(0o644)
    file.parent.chmod(0o755)
    wrong = _levels(run, 1)["wrong"]
    assert any(f"chmod 600 {file}" in text for text in wrong)
    assert any(f"chmod 700 {file.parent}" in text for text in wrong)


def test_copies_of_sync_services_and_stale_files_are_found(run: Run, deal: str, home: Path) -> None:
    folder = home / "deals"
    copy = folder / f"{deal}.sync-conflict-20261123-090000-ABCDEFG.json"
    copy.write_bytes((folder / f"{deal}.json").read_bytes())
    (folder / f".{deal}.json.123-0a1b2c3d.tmp").write_bytes(b"{")
    found = _levels(run, 1)
    assert any("Syncthing" in text and str(copy) in text for text in found["wrong"])
    assert any("temporary files" in text for text in found["note"])


def test_a_file_where_a_folder_should_be_is_found(run: Run, home: Path) -> None:
    home.mkdir(parents=True)
    (home / "deals").write_text("not a folder")
    assert any("not a folder" in text for text in _levels(run, 1)["wrong"])


def test_mistakes_in_settings_and_playbook_are_found(run: Run, home: Path) -> None:
    run("playbook", "copy", str(home / "playbook"))
    (home / "playbook" / "playbook.toml").write_text("format = 1\n")
    (home / "config.toml").write_text('lnag = "zh"\n')
    wrong = _levels(run, 1)["wrong"]
    assert any("lnag" in text and "config edit" in text for text in wrong)
    assert any("playbook.toml" in text for text in wrong)


@pytest.mark.parametrize(("environ", "colors"), [
    ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "true"),
    ({"TERM": "xterm-direct"}, "true"),
    ({"TERM": "screen-256color"}, "256"),
    ({"TERM": "xterm"}, "16"),
    ({"TERM": "dumb"}, "none"),
    ({}, "none"),
    ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "none"),
])  # fmt: skip
def test_colours_are_read_from_the_environment(environ: dict[str, str], colors: str) -> None:
    assert terminal.colors(environ) == colors


@pytest.mark.parametrize(("encoding", "able"), [
    ("utf-8", True), ("gb18030", True), ("ascii", False), ("cp1252", False), (None, False), ("x", False),
])  # fmt: skip
def test_encodings_that_cannot_show_chinese_are_known(encoding: str | None, *, able: bool) -> None:
    assert terminal.writes_chinese(encoding) == able


@pytest.mark.parametrize("cells", [1, 2])
def test_a_terminal_tells_how_wide_it_draws(monkeypatch: pytest.MonkeyPatch, cells: int) -> None:
    """A thread plays the terminal: it reads the query and answers with a position."""
    import pty
    import sys
    import threading

    ours, theirs = pty.openpty()
    monkeypatch.setattr(sys, "stdin", os.fdopen(os.dup(theirs), "r"))
    monkeypatch.setattr(sys, "stdout", os.fdopen(theirs, "w"))

    def play() -> None:
        seen = b""
        while b"\x1b[6n" not in seen:
            seen += os.read(ours, 100)
        os.write(ours, b"\x1b[7;%dR" % (cells + 1))

    player = threading.Thread(target=play)
    player.start()
    try:
        assert terminal.width_of("·") == cells
    finally:
        player.join(5)
        sys.stdin.close()
        sys.stdout.close()
        os.close(ours)


def test_without_a_terminal_nothing_is_asked() -> None:
    assert terminal.width_of("·") is None
