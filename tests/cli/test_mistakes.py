"""What a mistaken command line gets: one clear line, the nearest names, the right exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from salescoach.cli import main
from tests.cli.conftest import Run


@pytest.mark.parametrize(("argv", "code", "told"), [
    (("show", "nothing like it"), 3, "no such deal"),
    (("show", "CRM 升"), 0, ""),
    (("show", "CRM 陞级"), 3, "CRM 升级"),
    (("show", "CRM", "--stage", "9"), 3, "There is no stage"),
    (("show", "CRM", "--stage", "挖掘"), 3, "uncovering-needs"),
    (("check", "CRM", "1.1.99"), 3, "Nearest"),
    (("check", "CRM", "guide-low-level"), 3, "Nearest"),
    (("check", "CRM"), 2, "required"),
    (("na", "CRM", "1.1.1"), 2, "required"),
    (("na", "CRM", "1.1.1", "--reason", "  "), 2, "--reason is empty: say in a few words why"),
    (("na", "CRM", "1.1.1", "-r", ""), 2, "--reason is empty"),
    (("confirm", "CRM", "1.1.1", "--challenge", ""), 2, "--challenge is empty"),
    (("advance", "CRM", "--reason", ""), 2, "--reason is empty"),
    (("win", "CRM", "--reason", "\x1b"), 2, "--reason is empty"),
    (("win", "CRM"), 2, "missing: --what"),
    (("win", "CRM", "--what", "PO 7", "--on", "2099-01-01"), 2, "still to come"),
    (("win", "CRM", "--what", "PO 7", "--amount", "x"), 2, "x"),
    (("win", "CRM", "--what", "PO 7", "--currency", "euro"), 2, "EURO"),
    (("advance", "CRM", "--to", "9"), 3, "give its number, 1 to 6, or name"),
    (("evidence", "CRM", "1.1.1"), 2, "no evidence yet"),
    (("evidence", "CRM", "1.1.1", "--who", "王工"), 2, "no evidence yet"),
    (("evidence", "CRM", "1.1.1", "--note", "x"), 2, "no evidence yet"),
    (("answer", "CRM", "1", "yes"), 2, "basis"),
    (("contact", "edit", "CRM", "1", "--rung-note", "x"), 2, "--rung"),
    (("confirm", "CRM"), 2, "--contact"),
    (("evidence", "CRM", "9.exit", "--note", "x"), 3, "There is no stage"),
    (("evidence", "CRM", "1.1.1", "--note", "seen at work", "--on", "+1d"), 2, "still to come"),
    (("evidence", "CRM", "1.1.1", "--remove", "abcdef"), 3, "abcdef"),
    (("new", "x", "-c", "y", "--amount", "12,00x"), 2, "12,00x"),
    (("new", "x", "-c", "y", "--amount", "-5"), 2, "-5"),
    (("new", "x", "-c", "y", "--amount", "nan"), 2, "nan"),
    (("new", "x", "-c", "y", "--close", "2026-02-30"), 2, "2026-02-30"),
    (("new", "x", "-c", "y", "--currency", "euro"), 2, "“euro”"),
    (("new", "x", "-c", "y", "--kind", "odd"), 2, "odd"),
    (("new", "x", "-c", "y", "--stage", "7"), 3, "There is no stage"),
    (("new", "", "-c", "y"), 2, "empty"),
    (("new", "x", "-c", " "), 2, "empty"),
    (("new", "x" * 201, "-c", "y"), 2, "too long"),
    (("new", "x"), 2, "--customer"),
    (("contact", "rung", "CRM", "nobody", "alliance"), 3, "nobody"),
    (("contact", "add", "CRM", "x", "--role", "king"), 3, "decision-maker"),
    (("contact", "add", "CRM", "x", "--level", "boss"), 3, "executive"),
    (("contact", "style", "CRM", "x", "loud"), 3, "analytical"),
    (("contact", "edit", "CRM", "x"), 2, "Nothing to change"),
    (("contact",), 2, "VERB"),
    (("action", "done", "CRM", "nothing"), 3, "nothing"),
    (("action", "add", "CRM", "x", "--due", "someday"), 2, "someday"),
    (("action", "add", "CRM", ""), 2, "empty"),
    (("action", "snooze", "CRM", "x", "never"), 2, "never"),
    (("note", "CRM", ""), 2, "empty"),
    (("note", "CRM", "x", "--contact", "nobody"), 3, "nobody"),
    (("phase", "CRM", "later"), 3, "need-found"),
    (("answer", "CRM", "5", "yes"), 3, "winnable"),
    (("answer", "CRM", "1", "maybe"), 2, "maybe"),
    (("advance", "CRM", "--to", "nowhere"), 3, "There is no stage"),
    (("advance", "CRM", "--to", "1", "--reason", "x"), 1, "open already"),
    (("reopen", "CRM"), 1, "open already"),
    (("reopen", "CRM", "--stage", "1"), 1, "never closed"),
    (("lose", "CRM", "--reason", " "), 2, "--reason is empty"),
    (("nurture", "CRM", "--revisit", "yesterday"), 2, "has passed"),
    (("undo", "CRM"), 1, "nothing left to undo"),
    (("confirm", "CRM", "1.1.1"), 1, "coach"),
    (("settle", "CRM", "1", "lost"), 3, "There is no conflict"),
    (("settle", "CRM", "1", "mine"), 2, "kept"),
    (("history", "CRM", "--limit", "few"), 2, "few"),
    (("playbook", "validate", "/nowhere/at/all"), 1, "Mistakes in the playbook"),
    (("playbook", "show", "--stage", "9"), 3, "There is no stage"),
    (("--playbook", "/nowhere/at/all", "list"), 3, "/nowhere/at/all"),
    (("config", "set", "colour", "red"), 2, "colour"),
    (("config", "set", "stalled_days", "soon"), 2, "soon"),
    (("completion", "cmd.exe"), 2, "cmd.exe"),
    (("--lang", "fr", "list"), 2, "fr"),
    (("list", "--lang", "fr"), 2, "fr"),
    (("--lang",), 2, "--lang"),
    (("--colour", "list"), 2, "--colour"),
    (("shwo",), 2, "show"),
    (("zzzzzz",), 2, "zzzzzz"),
    (("list", "--jso"), 2, "--jso"),
    (("help", "shwo"), 2, "show"),
])  # fmt: skip
def test_a_mistake_gets_one_line_and_its_exit_code(
    run: Run, deal: str, argv: tuple[str, ...], code: int, told: str
) -> None:
    if "x" in argv and argv[0] == "contact" and argv[1] != "add":
        run("contact", "add", deal, "x")
    if argv[:2] == ("action", "snooze"):
        run("action", "add", deal, "x")
    ran = run(*argv, code=code)
    assert told in ran.err
    if code:
        assert ran.out == "" or argv[:2] == ("playbook", "validate")
        first = ran.err.splitlines()[0]
        assert len(first) < 600


def test_mistakes_are_told_in_chinese_too(run: Run, deal: str) -> None:
    assert "缺少必填参数" in run("--lang", "zh", "check", "CRM", code=2).err
    assert "用法" in run("--lang", "zh", "check", "CRM", code=2).err
    assert "没有“shwo”这个命令" in run("--lang", "zh", "shwo", code=2).err
    assert "没有这个商机" in run("--lang", "zh", "show", "nothing", code=3).err
    assert "还不能推进" in run("--lang", "zh", "advance", "CRM", code=1).err


def test_a_locked_deal_is_told_apart(run: Run, deal: str, home: Path) -> None:
    from filelock import FileLock

    from salescoach.store import documents

    place = home / "state" / "locks" / f"{deal}.lock"
    with pytest.MonkeyPatch.context() as patch, FileLock(place):
        patch.setattr(documents, "TIMEOUT", 0.05)
        ran = run("check", deal, "1.1.1", code=5)
    assert "writing this deal" in ran.err


def test_a_damaged_deal_is_told_and_the_others_work(run: Run, deal: str, home: Path) -> None:
    other = run("new", "Other", "-c", "Acme").out.strip()
    (home / "deals" / f"{other}.json").write_bytes(b'{"half of a deal')
    assert run("show", other, code=6).out == ""
    assert run("show", deal).out
    listed = run("list")
    assert "CRM 升级" in listed.out
    assert "salescoach doctor" in listed.err


def test_an_unexpected_error_is_one_line(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> int:
        raise RuntimeError("boom \x1b[31m")

    from salescoach.cli import paths

    monkeypatch.setattr(paths, "run", broken)
    assert main(["paths"]) == 1
    told = capsys.readouterr().err
    assert "RuntimeError" in told
    assert "boom" not in told
    assert len(told.splitlines()) == 1
    (report,) = (home / "state" / "crashes").iterdir()
    assert str(report) in told
    assert "boom" not in report.read_text("utf-8")
    monkeypatch.setenv("SALESCOACH_DEBUG", "1")
    assert main(["paths"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupt_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> int:
        raise KeyboardInterrupt

    from salescoach.cli import paths

    monkeypatch.setattr(paths, "run", stopped)
    assert main(["paths"]) == 130


def test_a_broken_playbook_of_the_users_is_told_and_the_packaged_one_used(
    run: Run, deal: str, home: Path
) -> None:
    run("playbook", "copy", str(home / "playbook"))
    stage = home / "playbook" / "stages" / "1-customer-analysis.toml"
    stage.write_text("key = 1\n" + stage.read_text("utf-8"), "utf-8")
    shown = run("show", deal)
    assert "1 Customer analysis" in shown.out
    assert "salescoach playbook validate" in shown.err
    checked = run("playbook", "validate", code=1)
    assert "1-customer-analysis.toml" in checked.out
    refused = run("--playbook", str(home / "playbook"), "show", deal, code=1)
    assert "1-customer-analysis.toml" in refused.err


def test_a_playbook_of_ones_own_is_picked_up(run: Run, deal: str, home: Path) -> None:
    target = home / "playbook"
    run("playbook", "copy", str(target))
    assert "nothing was copied" in run("playbook", "copy", str(target), code=1).err
    stage = target / "stages" / "1-customer-analysis.toml"
    text = stage.read_text("utf-8")
    stage.write_text(text.replace("Customer analysis", "Know them first"), "utf-8")
    assert "1 Know them first" in run("show", deal).out
    assert run("playbook", "path").out.strip() == str(target)
    assert "24 moves" in run("playbook", "validate").err


def test_wrong_settings_are_told_on_stderr_only(run: Run, deal: str, home: Path) -> None:
    (home / "config.toml").write_text('lang = "en"\ncolour = "red"\nstalled_days = "x"\n')
    ran = run("list", "--json")
    assert ran.data["version"] == 1
    assert "colour" in ran.err
    assert "stalled_days" in ran.err
    (home / "config.toml").write_text("= no toml")
    assert "TOML" in run("list").err


def test_settings_are_shown_set_and_edited(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("config", "set", "lang", "zh")
    run("config", "set", "stalled_days", "21")
    shown = run("config", "show", "--json").data
    assert (shown["settings"]["lang"], shown["settings"]["stalled_days"]) == ("zh", 21)
    assert "编号" not in run("--lang", "en", "list").err
    assert "还没有商机" in run("list").err
    assert "#" in (home / "config.toml").read_text("utf-8")
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.delenv("VISUAL", raising=False)
    run("config", "edit")
    monkeypatch.setenv("EDITOR", "/no/such/editor")
    assert "/no/such/editor" in run("config", "edit", code=1).err
    assert run("config", "path").out.strip() == str(home / "config.toml")


@pytest.mark.parametrize("asked", ["9", "0", "nowhere", "-", "a"])
def test_a_stage_like_none_has_no_nearest(run: Run, deal: str, asked: str) -> None:
    told = run("advance", "CRM", f"--to={asked}", code=3).err
    assert "Nearest" not in told
    assert "customer-analysis" not in told
