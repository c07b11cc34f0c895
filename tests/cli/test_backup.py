"""Stories at the shell: back up, lose something, put it back; who is asked, and what a script gets."""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from salescoach.cli import ask
from salescoach.deal import contacts
from salescoach.store.errors import HalfSaved
from salescoach.workspace import open_workspace
from tests.cli.conftest import Run
from tests.store.doing import tree
from tests.test_half_saved import refuse


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Sit a person in front of the terminal; what is written here is what they type."""
    typed = io.StringIO()
    monkeypatch.setattr(ask, "can_ask", lambda: True)
    monkeypatch.setattr(sys, "stdin", typed)
    return typed


def _type(answers: io.StringIO, text: str) -> None:
    answers.seek(0)
    answers.truncate()
    answers.write(text)
    answers.seek(0)


def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    place = tmp_path / "elsewhere"
    monkeypatch.setenv("SALESCOACH_HOME", str(place))
    return place


def _names(run: Run) -> dict[str, str]:
    return {deal["id"]: deal["name"] for deal in run("list", "--json").data["deals"]}


def test_a_lost_deal_comes_back_with_its_history(run: Run, deal: str, home: Path) -> None:
    run("edit", deal, "--name", "CRM 二期")
    made = run("backup", "mine.zip")
    assert made.out == "mine.zip\n"
    assert "read back" in made.err
    assert "Deals: 1, customers: 1, kept versions: 1" in made.err
    (home / "deals" / f"{deal}.json").unlink()
    assert _names(run) == {}
    told = run("restore", "mine.zip")
    assert "CRM 二期" in told.out
    assert "Put back: 1" in told.err
    assert _names(run) == {deal: "CRM 二期"}
    run("undo", deal)
    assert _names(run) == {deal: "CRM 升级"}


def test_without_a_file_the_name_has_the_date(run: Run, deal: str, tmp_path: Path) -> None:
    run("backup")
    (made,) = tmp_path.glob("salescoach-*.zip")
    assert datetime.strptime(made.stem, "salescoach-%Y-%m-%d").year > 2000  # noqa: DTZ007
    (tmp_path / "usb").mkdir()
    told = run("backup", "usb", "--json").data
    assert Path(told["file"]) == Path("usb") / made.name
    assert told["bytes"] == (tmp_path / told["file"]).stat().st_size
    assert (told["deals"], told["left_out"], told["version"]) == (1, [], 1)
    assert run("backup", "nowhere/x.zip", code=3).err.count("\n") == 1


def test_a_file_that_is_there_is_replaced_only_after_a_yes(
    run: Run, deal: str, tmp_path: Path, answers: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.zip"
    for typed in ("", "n\n", "no\n", "what?\n\nn\n"):
        file.write_text("precious")
        _type(answers, typed)
        assert "Replace it?" in run("backup", "mine.zip", code=4).err
        assert file.read_text() == "precious"
    for typed in ("y\n", "Y\n", "yes\n", "ｙ\n", "是\n"):
        file.write_text("precious")
        _type(answers, typed)
        run("--lang", "zh" if typed == "是\n" else "en", "backup", "mine.zip")
        assert zipfile.is_zipfile(file)
    monkeypatch.setattr(ask, "can_ask", lambda: False)
    assert "--yes" in run("backup", "mine.zip", code=4).err
    run("backup", "mine.zip", "--yes")
    (tmp_path / "link.zip").symlink_to("mine.zip")
    run("backup", "link.zip", "-y")
    assert (tmp_path / "link.zip").is_symlink()
    assert "no regular file" in run("backup", "/dev/null", "--yes", code=4).err


def test_a_dry_run_leaves_everything_as_it_is(
    run: Run, deal: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("backup", "mine.zip")
    run("edit", deal, "--name", "later")
    before = [tree(home / "deals"), tree(home / "state")]
    told = run("restore", "mine.zip", "--dry-run")
    assert "older than yours" in told.out
    assert "nothing was written" in told.err
    assert [tree(home / "deals"), tree(home / "state")] == before
    place = _elsewhere(monkeypatch, tmp_path)
    data = run("restore", "mine.zip", "--dry-run", "--yes", "--json").data
    assert [(one["id"], one["state"], one["done"]) for one in data["deals"]] == [(deal, "new", "")]
    assert data["dry_run"] is True
    assert not place.exists()


def test_scripts_are_told_what_wants_a_yes(run: Run, deal: str) -> None:
    lost = run("new", "lost", "-c", "Acme").out.strip()
    run("backup", "mine.zip")
    run("edit", deal, "--name", "later")
    Path(run("paths", "--json").data["paths"]["deals"], f"{lost}.json").unlink()
    left = run("restore", "mine.zip", code=4)
    assert "--yes" in left.err
    assert _names(run) == {deal: "later", lost: "lost"}
    done = run("restore", "mine.zip", "--yes", "--json").data["deals"]
    assert {one["id"]: (one["state"], one["done"]) for one in done} == {
        deal: ("older", "replaced"),
        lost: ("same", "same"),
    }
    assert _names(run)[deal] == "CRM 升级"
    run("undo", deal)
    assert _names(run)[deal] == "later"


def test_each_deal_that_differs_is_asked_for(run: Run, answers: io.StringIO) -> None:
    ids = sorted(run("new", f"deal {number}", "-c", "Acme").out.strip() for number in range(4))
    names = _names(run)
    run("backup", "mine.zip")
    for typed, replaced in (
        ("y\nn\nq\n", {0}),
        ("n\na\n", {1, 2, 3}),
        ("n\nhm\nn\ny\n", {2}),
        ("", set()),
    ):
        for key in ids:
            run("edit", key, "--name", "later", "--anyway")
        _type(answers, typed)
        told = run("restore", "mine.zip")
        assert "older than yours. Replace it?" in told.err
        assert f"replaced: {len(replaced)}" in told.err
        now = _names(run)
        assert [now[key] == names[key] for key in ids] == [at in replaced for at in range(4)]


def test_settings_and_playbook_come_back_only_where_there_are_none(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    run("config", "set", "me", "周")
    run("playbook", "copy", str(home / "playbook"))
    assert "own playbook" in run("backup", "mine.zip").err
    place = _elsewhere(monkeypatch, tmp_path)
    assert "none here, to be restored" in run("restore", "mine.zip").out
    assert tree(place / "playbook").keys() == tree(home / "playbook").keys()
    assert "Settings: the same" in run("restore", "mine.zip").out
    run("config", "set", "me", "other")
    (place / "playbook" / "playbook.toml").write_text("mine")
    assert "--settings" in run("restore", "mine.zip", code=0).out
    assert run("config", "show", "--json").data["settings"]["me"] == "other"
    assert "to be replaced" in run("restore", "mine.zip", "--settings", "--dry-run").out
    told = run("restore", "mine.zip", "--settings")
    assert told.err.count("is kept as") == 2
    assert run("config", "show", "--json").data["settings"]["me"] == "周"
    assert 'me = "other"' in next(place.glob("config.*.toml")).read_text("utf-8")
    assert (next(place.glob("playbook.*")) / "playbook.toml").read_text() == "mine"
    assert run("playbook", "validate").code == 0


def test_a_damaged_backup_is_one_line_and_the_rest_can_be_had(
    run: Run, deal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = run("new", "other", "-c", "Acme").out.strip()
    run("backup", "mine.zip")
    whole = (tmp_path / "mine.zip").read_bytes()
    with zipfile.ZipFile("mine.zip") as packed:
        at = packed.getinfo(f"deals/{deal}.json").header_offset + 200
    (tmp_path / "flipped.zip").write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
    (tmp_path / "cut.zip").write_bytes(whole[:-100])
    (tmp_path / "text.zip").write_text("hello")
    _elsewhere(monkeypatch, tmp_path)
    for name, code, said in (
        ("flipped.zip", 6, "--partial"),
        ("cut.zip", 6, "cut off"),
        ("text.zip", 1, "not a backup"),
        ("none.zip", 3, "no such backup"),
    ):
        told = run("restore", name, code=code)
        assert said in told.err
        assert told.err.count("\n") == 1
        assert not (tmp_path / "elsewhere" / "deals").exists()
    told = run("restore", "flipped.zip", "--partial")
    assert f"deals/{deal}.json" in told.out
    assert _names(run) == {other: "other"}


def test_what_no_backup_can_hold_makes_it_incomplete(run: Run, deal: str, home: Path) -> None:
    (home / "deals" / "00000000-0000-4000-8000-000000000000.json").symlink_to("/dev/null")
    told = run("backup", "mine.zip", code=1)
    assert "a symbolic link" in told.err
    assert "not complete" in told.err
    assert run("backup", "mine.zip", "-y", "--json", code=1).data["left_out"][0]["reason"]


def test_a_deal_that_is_locked_is_told_and_the_others_come_back(
    run: Run, deal: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salescoach.store import documents
    from salescoach.store.files.locks import locked

    other = run("new", "other", "-c", "Acme").out.strip()
    run("backup", "mine.zip")
    for key in (deal, other):
        (home / "deals" / f"{key}.json").unlink()
    monkeypatch.setattr(documents, "TIMEOUT", 0.05)
    with locked(home / "state" / "locks" / f"{deal}.lock"):
        told = run("restore", "mine.zip", code=5)
    assert "was not restored: Another process" in told.err
    assert _names(run) == {other: "other"}
    assert "Put back: 1" in run("restore", "mine.zip").err


def test_progress_shows_on_a_terminal_after_a_moment(
    run: Run, deal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask, "_PATIENCE", 0)
    assert "1/" not in run("backup", "one.zip").err
    monkeypatch.setattr(type(sys.stderr), "isatty", lambda _: True, raising=False)
    monkeypatch.setenv("TERM", "dumb")
    told = run("backup", "two.zip").err
    assert "\r1/2\x1b[K" in told
    assert told.index("\r\x1b[K") < told.index("Backed up")


def test_what_was_half_saved_is_whole_in_the_backup(
    run: Run, deal: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Of an act over a deal and its customer no backup has a half."""
    workspace = open_workspace(lang="en")
    refuse(monkeypatch, workspace.store, after=False)
    with pytest.raises(HalfSaved):
        workspace.edit(deal, lambda one: contacts.add(one, workspace.stamp(), name="Ann"))
    run("backup", "mine.zip")
    _elsewhere(monkeypatch, tmp_path)
    run("restore", "mine.zip")
    (ann,) = run("contact", "list", deal, "--json").data["contacts"]
    assert ann["name"] == "Ann"


def test_customers_come_back_with_their_deals_and_are_told(
    run: Run, deal: str, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run("contact", "add", deal, "Ann", "--phone", "13900000001")
    assert run("backup", "mine.zip", "--json").data["customers"] == 1
    run("contact", "edit", deal, "Ann", "--phone", "13900000002")
    (told,) = run("restore", "mine.zip", "--dry-run", "--json").data["customers"]
    assert (told["state"], told["done"]) == ("older", "")
    assert "customer" in run("restore", "mine.zip", "--dry-run").out
    run("restore", "mine.zip", "--yes")
    (ann,) = run("contact", "list", deal, "--json").data["contacts"]
    assert ann["phone"] == "13900000001"
    # What an earlier program saved may be among it: the next start looks.
    assert not (home / "state" / "upgrade.json").exists()
    _elsewhere(monkeypatch, tmp_path)
    run("restore", "mine.zip")
    (ann,) = run("contact", "list", deal, "--json").data["contacts"]
    assert (ann["name"], ann["phone"]) == ("Ann", "13900000001")
