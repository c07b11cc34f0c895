"""The doctor finds what is wrong and says how to mend it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from salescoach.cli import terminal
from salescoach.store.files.locks import locked
from tests.cli.conftest import Run
from tests.store.doing import tree


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
    aside = home / "state" / "quarantine" / f"{deal}.20261123T090000.json"
    aside.parent.mkdir(mode=0o700, parents=True)
    aside.write_text("{")
    aside.chmod(0o600)
    # While the deal itself is there, the file is only told of.
    assert any("set aside" in text for text in _levels(run, 0)["note"])
    (home / "deals" / f"{deal}.json").unlink()
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


# Repairs


def _old(path: Path) -> Path:
    """Let a file be one that nobody has touched for a while."""
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


def test_a_damaged_deal_is_set_aside_and_its_newest_version_put_back(
    run: Run, deal: str, home: Path
) -> None:
    run("edit", deal, "--name", "second")
    run("edit", deal, "--name", "third")
    file = home / "deals" / f"{deal}.json"
    file.write_bytes(b"{half of i")
    _old(file)
    _no_last_save(home)
    before = [tree(home / "deals"), tree(home / "state")]
    plan = run("doctor", code=6)
    assert "--repair: Set it aside in" in plan.out
    assert "revision 2 of" in plan.out
    assert "doctor --repair" in plan.err
    assert run("doctor", "--repair", "--dry-run", code=6).out == plan.out
    assert [tree(home / "deals"), tree(home / "state")] == before
    told = run("doctor", "--repair").out
    assert "'second' is back as of revision 2" in told
    (aside,) = (home / "state" / "quarantine").glob("*.json")
    assert aside.read_bytes() == b"{half of i"
    assert str(aside) in told
    shown = run("show", deal, "--json").data["deal"]
    assert (shown["name"], shown["rev"]) == ("second", 4)
    run("undo", deal)
    assert "CRM 升级" in run("list").out
    run("redo", deal)
    assert "second" in run("list").out
    assert run("doctor", "--repair", "--json").data["repaired"] == []


def _no_last_save(home: Path) -> None:
    """Take away the copy of what was last saved, so that only the history is left."""
    for path in (home / "state" / "saved").rglob("*.json"):
        path.unlink()


def test_what_was_last_saved_comes_back_as_it_was(run: Run, deal: str, home: Path) -> None:
    """The copy of the last save survives the file's damage, and nothing of the newest edit is lost."""
    run("edit", deal, "--name", "second")
    file = home / "deals" / f"{deal}.json"
    whole = file.read_bytes()
    file.write_bytes(b"{half of i")
    _old(file)
    assert "revision 2 of" in run("doctor", code=6).out
    assert "'second' is back" in run("doctor", "--repair").out
    assert file.read_bytes() == whole


def test_a_version_that_is_damaged_too_is_passed_over(run: Run, deal: str, home: Path) -> None:
    for name in ("second", "third"):
        run("edit", deal, "--name", name)
    for file in (home / "deals" / f"{deal}.json", *home.glob("state/history/*/2.*.json")):
        file.unlink()
        file.write_bytes(b"\0" * 100)
        _old(file).chmod(0o600)
    _no_last_save(home)
    data = run("doctor", "--repair", "--json").data
    assert "revision 1" in data["repaired"][0]["text"]
    assert "CRM 升级" in run("list").out


def test_without_a_whole_version_it_is_only_set_aside(run: Run, deal: str, home: Path) -> None:
    file = home / "deals" / f"{deal}.json"
    file.write_bytes(b"{")
    _old(file)
    _no_last_save(home)
    told = run("doctor", "--repair", code=6).out
    assert "was set aside" in told
    assert not file.exists()
    assert [path.read_bytes() for path in home.glob("state/quarantine/*.json")] == [b"{"]
    assert "repair" not in run("doctor", code=6).err


def test_what_a_writer_set_aside_is_put_back_too(run: Run, deal: str, home: Path) -> None:
    """A writer keeps a copy of the damaged file and leaves the file; the deal comes back where either is left."""
    file = home / "deals" / f"{deal}.json"
    run("edit", deal, "--name", "second")
    _old(file).write_bytes(b"{")
    _old(file)
    run("list")
    run("new", "other", "-c", "Acme")
    assert not (home / "state" / "quarantine").exists()
    run("note", deal, "a note", code=6)
    (kept,) = (home / "state" / "quarantine").glob("*.json")
    assert kept.read_bytes() == file.read_bytes() == b"{"
    file.unlink()  # somebody takes it away
    assert "revision" in run("doctor", code=6).out
    assert "is back" in run("doctor", "--repair").out
    assert deal[:8] in run("list").out


def test_links_are_neither_followed_nor_moved(run: Run, deal: str, home: Path) -> None:
    file = home / "deals" / f"{deal}.json"
    file.rename(home / "moved.json")
    file.symlink_to(home / "moved.json")
    assert run("doctor", "--repair", "--json", code=6).data["repaired"] == []
    assert file.is_symlink()


def test_permissions_are_narrowed(run: Run, deal: str, home: Path) -> None:
    run("edit", deal, "--name", "second")
    wide = [path for name in ("deals", "state") for path in home.rglob(f"{name}/**/*")]
    wide.append(home / "deals")
    for path in wide:
        path.chmod(0o777 if path.is_dir() else 0o644)
    assert any("chmod -R go-rwx" in text for text in _levels(run, 1)["wrong"])
    data = run("doctor", "--repair", "--json").data
    assert data["fine"] is True
    assert len(data["repaired"]) == 12
    for path in wide:
        if path.name != "state" and path.suffix != ".lock":
            assert path.stat().st_mode & 0o077 == 0, path


def test_stale_files_are_removed_and_others_stay(run: Run, deal: str, home: Path) -> None:
    run("edit", deal, "--name", "second")
    gone = "00000000-0000-4000-8000-000000000000"
    stale = [
        home / "deals" / f".{deal}.json.123-0a1b2c3d.tmp",
        home / ".config.toml.123-0a1b2c3d.tmp",
        home / "state" / "history" / deal / ".1.u-.r-.json.123-0a1b2c3d.tmp",
        home / "cache" / ".playbook-0a1b2c3d.json.0a1b2c3d.tmp",
        home / "state" / "locks" / f"{gone}.lock",
    ]
    young = home / "deals" / f".{deal}.json.124-0a1b2c3d.tmp"
    for path in (*stale, young):
        path.write_bytes(b"x")
        path.chmod(0o600)
        if path is not young:
            _old(path)
    lock = _old(home / "state" / "locks" / f"{deal}.lock")
    data = run("doctor", "--repair", "--json").data
    assert [entry["text"] for entry in data["repaired"]] == ["files removed: 4", "files removed: 1"]
    assert not any(path.exists() for path in stale)
    assert young.exists()
    assert lock.exists()


def test_a_lock_that_is_held_stays(run: Run, home: Path) -> None:
    lock = home / "state" / "locks" / "00000000-0000-4000-8000-000000000000.lock"
    lock.parent.mkdir(parents=True, mode=0o700)
    lock.touch(0o600)
    with locked(lock):
        _old(lock)
        assert "files removed: 0" in run("doctor", "--repair").out
    assert lock.exists()


@pytest.mark.parametrize("data", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_index_is_made_anew(run: Run, deal: str, home: Path, data: bytes) -> None:
    run("list")
    index = home / "cache" / "index.sqlite"
    for path in index.parent.glob("index.sqlite*"):
        path.unlink()
    index.write_bytes(data)
    assert "the index is" in run("doctor", code=None).out
    assert index.read_bytes() == data
    assert "made anew" in run("doctor", "--repair").out
    assert "the index is" not in run("doctor").out
    assert "CRM" in run("list").out


def test_a_damaged_cache_of_the_playbook_is_removed(run: Run, deal: str, home: Path) -> None:
    (cache,) = (home / "cache").glob("playbook-*.json")
    cache.write_bytes(cache.read_bytes()[:-10])
    assert any("cache is damaged" in text for text in _levels(run, 0)["note"])
    assert "files removed: 1" in run("doctor", "--repair").out
    assert not cache.exists()


def test_what_cannot_be_mended_stays_listed_with_its_mend(
    run: Run, deal: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "deals").chmod(0o755)
    (home / "config.toml").write_text("lang = 7\n")

    def refuse(path: Path, mode: int) -> None:
        raise PermissionError(1, "Operation not permitted", str(path))

    monkeypatch.setattr("salescoach.store.care.leftovers.narrow", refuse)
    data = run("doctor", "--repair", "--json", code=1).data
    assert data["repaired"] == []
    assert "Operation not permitted" in data["not_repaired"][0]["text"]
    wrong = [entry for entry in data["findings"] if entry["level"] == "wrong"]
    assert [bool(entry["mend"]) for entry in wrong] == [True, True]
    assert [bool(entry["repair"]) for entry in wrong] == [False, True]
    assert "[!!]" in run("doctor", "--repair", code=1).out


def test_in_a_synced_folder_what_cannot_be_mended_stays(run: Run, deal: str, home: Path) -> None:
    """Moving it away would have the sync service remove it on the machines where it may be whole."""
    (home / ".stfolder").mkdir()
    shutil.rmtree(home / "state", ignore_errors=True)
    file = home / "deals" / f"{deal}.json"
    file.write_bytes(b"{")
    _old(file)
    told = run("doctor", "--repair", code=6).out
    assert "a sync service would remove it" in told
    assert file.read_bytes() == b"{"
    (kept,) = (home / "state" / "quarantine").glob("*.json")
    assert kept.read_bytes() == b"{"


def test_a_damaged_customer_is_told_of_and_put_back(run: Run, deal: str, home: Path) -> None:
    """A customer is looked at and mended as a deal is, and called what it is."""
    run("contact", "add", deal, "Ann")
    run("contact", "edit", deal, "Ann", "--phone", "13900000001")
    (file,) = (home / "customers").glob("*.json")
    whole = file.read_bytes()
    file.write_bytes(b"{half")
    os.utime(file, (1, 1))
    findings = run("doctor", "--json", code=6).data["findings"]
    (found,) = (one for one in findings if one["area"] == "customers" and one["level"] == "damaged")
    assert str(file) in found["text"]
    assert found["repair"]
    run("doctor", "--repair")
    assert file.read_bytes() == whole
    (aside,) = (home / "state" / "quarantine" / "customers").glob("*.json")
    assert aside.read_bytes() == b"{half"
    findings = run("doctor", "--json").data["findings"]
    kept = [one["text"] for one in findings if one["area"] == "customers"]
    assert any("a damaged customer was set aside" in text for text in kept)
    (ann,) = run("contact", "list", deal, "--json").data["contacts"]
    assert ann["phone"] == "13900000001"
