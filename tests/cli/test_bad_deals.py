"""One bad document among good ones: every command goes on, and says which file is bad and how to mend it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from salescoach.workspace.lists import deal_rows
from tests.build import uid
from tests.cli.conftest import Run
from tests.store.test_boundary import BAD, bent
from tests.tui.pilot import running


@pytest.fixture
def bad(deal: str, home: Path) -> dict[Path, bytes]:
    """Put every bad document beside a good deal, and return their bytes."""
    found: dict[Path, bytes] = {}
    for name, bend in BAD.items():
        path = home / "deals" / f"{uid(name)}.json"
        path.write_bytes(bent(bend, name))
        path.chmod(0o600)
        found[path] = path.read_bytes()
    return found


def _kept(bad: dict[Path, bytes]) -> bool:
    return all(path.read_bytes() == data for path, data in bad.items())


def test_every_command_goes_on_beside_bad_deals(
    run: Run, deal: str, bad: dict[Path, bytes]
) -> None:
    run("action", "add", deal, "Call Paul", "--due", "today")
    listed = run("list", "--json")
    assert [one["id"] for one in listed.data["deals"]] == [deal]
    table = run("list")
    assert "CRM 升级" in table.out
    assert f"cannot be read: {len(bad)}" in table.err
    assert "Call Paul" in run("next").out
    assert run("next", "--json").code == 0
    assert "Call Paul" in run("action", "list").out
    for command in ("show", "next", "history"):
        run(command, deal)
        run(command, deal, "--json")
    run("edit", deal, "--name", "CRM 二期")
    run("undo", deal)
    assert "CRM 升级" in run("list").out
    assert _kept(bad)


def test_a_bad_deal_is_told_with_its_mend(run: Run, bad: dict[Path, bytes]) -> None:
    for path in bad:
        for command in ("show", "next", "undo"):
            told = run(command, path.stem, code=6)
            assert path.stem in told.err
            assert "doctor --repair" in told.err
            assert len(told.err.splitlines()) == 1
    findings = run("doctor", "--json", code=6).data["findings"]
    damaged = [one for one in findings if one["level"] == "damaged"]
    assert len(damaged) == len(bad)
    assert all(one["mend"] and one["repair"] for one in damaged)
    assert {
        stem for path in bad for stem in [path.stem] if any(stem in one["text"] for one in damaged)
    } == {path.stem for path in bad}
    assert _kept(bad)


def test_a_deal_whose_row_cannot_be_worked_out_is_told_by_list_and_doctor(
    run: Run, deal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody thought of stays that deal's problem: it can be read, and the others are listed."""
    other = run("new", "Other", "-c", "Acme").out.strip()
    real = deal_rows.card_of

    def row(one: object, summary: object) -> object:
        if getattr(one, "id", "") == other:
            raise OverflowError("date value out of range")
        return real(one, summary)  # type: ignore[arg-type]

    monkeypatch.setattr(deal_rows, "card_of", row)
    run("edit", other, "--name", "Another")
    listed = run("list", "--json")
    assert [one["id"] for one in listed.data["deals"]] == [deal]
    assert "cannot be read: 1" in run("list").err
    run("show", other)
    findings = run("doctor", "--json", code=6).data["findings"]
    (told,) = [one for one in findings if one["level"] == "damaged"]
    assert other in told["text"]


async def test_home_lists_the_others_and_tells(run: Run, deal: str, bad: dict[Path, bytes]) -> None:
    async with running() as person:
        assert f"{len(bad)} damaged (salescoach doctor)" in person.text
        await person.press("2")
        assert "CRM 升级" in person.text
        assert f"cannot be read: {len(bad)}" in person.text
        await person.press("enter")
        assert person.deal.deal.id == deal
    assert _kept(bad)


def test_a_damaged_cache_does_not_blank_a_list(run: Run, deal: str, home: Path) -> None:
    """Rows whose texts are no JSON any more are listed without what they said."""
    import sqlite3

    run("list")
    (path,) = (home / "cache").glob("*.sqlite")
    with sqlite3.connect(path) as file:
        file.execute("UPDATE tells SET told = '{', promised = '[1', step = '{}'")
    file.close()
    assert json.loads(run("list", "--json").out)["deals"][0]["id"] == deal
    assert "CRM 升级" in run("list").out
    assert run("next").code == 0
