"""Two deals of one customer, one record of each person: what is changed in one is seen in the other, open or not."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Any

import pytest

from salescoach.deal import contacts
from salescoach.deal.models import Deal
from salescoach.store.errors import save_failed
from salescoach.tui.keep import rescue
from salescoach.tui.messages import Came
from salescoach.workspace import Workspace, open_workspace
from tests.bench.home import APP, environ
from tests.bench.terminal import Terminal
from tests.faults.program import shell
from tests.tui.pilot import Person, running
from tests.tui.test_outside import elsewhere, sees


def two_deals(workspace: Workspace) -> tuple[Deal, Deal, str]:
    """Return two deals of one customer and the id of a person who is a stakeholder of both."""
    first = workspace.create(name="CRM", customer="Globex")
    second = workspace.create(name="ERP", customer="Globex")
    stamp, other = workspace.stamp(), workspace.stamp()
    first = workspace.edit(first.id, lambda deal: contacts.add(deal, stamp, name="Li Hua"))
    second = workspace.edit(second.id, lambda deal: contacts.involve(deal, stamp.id, other))
    return first, second, stamp.id


def call(workspace: Workspace, deal: Deal, person: str, **fields: Any) -> None:
    stamp = workspace.stamp()
    workspace.edit(deal.id, lambda old: contacts.edit(old, person, stamp, **fields))


def test_a_shell_command_in_one_deal_is_seen_in_another_open_one_within_two_seconds(
    home: Path,
) -> None:
    workspace = open_workspace(lang="en", environ={"SALESCOACH_HOME": str(home)})
    workspace.remember("me", "Wes Odum")
    first, second, _ = two_deals(workspace)
    workspace.settle()
    terminal = Terminal([*APP, "open", second.id], environ(home))
    try:
        terminal.until(lambda shown: "ERP" in shown and "Customer analysis" in shown, quiet=0.3)
        os.write(terminal.fd, b"p")
        terminal.until(lambda shown: "Li Hua" in shown, quiet=0.3)
        done = shell(home, "contact", "edit", first.id, "Li Hua", "--phone", "13912345678")
        assert done.code == 0, done
        saved = time.monotonic()
        terminal.until(lambda shown: "13912345678" in shown, quiet=0.05, limit=10)
        assert time.monotonic() - saved < 2
        os.write(terminal.fd, b"q")
        terminal.until(lambda shown: "Changed elsewhere" in shown, quiet=0.05, limit=10)
    finally:
        terminal.close()


async def test_what_is_done_to_a_person_in_another_deal_is_told_in_the_open_one() -> None:
    first, second, person_id = two_deals(open_workspace(lang="en"))
    async with running() as person:
        person.app.open_deal(second.id)
        await person.settle()
        await person.press("p")
        call(elsewhere(), first, person_id, phone="13912345678")
        await sees(person, "13912345678")
        await person.press("q")
        assert "Changed elsewhere: Ada Field" in person.text
        assert "Li Hua" in person.text
        # It is of the customer, and no act of this deal.
        assert not any("phone" in str(one.about) for one in person.deal.deal.events.values())


async def test_a_customer_read_before_its_save_does_not_come_back() -> None:
    first, _, person_id = two_deals(open_workspace(lang="en"))
    async with running() as person:
        person.app.open_deal(first.id)
        await person.settle()
        before, sign = person.app.workspace.deals.read_signed(first.id)
        screen, stamp = person.deal, person.app.workspace.stamp()
        screen.change(lambda deal: contacts.edit(deal, person_id, stamp, phone="1"))
        await person.settle()
        person.app.on_came(Came(before, sign))
        assert screen.deal.contacts[person_id].phone == "1"


@pytest.mark.parametrize("damaged", [False, True])
async def test_a_deal_without_its_customers_file_opens_says_so_and_is_whole_again(
    damaged: bool,
) -> None:
    workspace = open_workspace(lang="en")
    first, _, person_id = two_deals(workspace)
    call(workspace, first, person_id, phone="13912345678")
    assert first.customer_id is not None
    path = workspace.customers.path(first.customer_id)
    whole = path.read_bytes()
    if damaged:
        path.write_bytes(whole[:40])
    else:
        path.unlink()
    async with running() as person:
        person.app.open_deal(first.id)
        await person.settle()
        await sees(person, "cannot be read")
        assert first.customer_id[:8] in person.text
        screen, stamp = person.deal, person.app.workspace.stamp()
        assert screen.deal.contacts[person_id].name == "Li Hua"
        assert not screen.change(lambda deal: contacts.edit(deal, person_id, stamp, phone="2"))
        assert any("cannot be changed" in told for told in person.told)
        await person.press("down", "space")
        assert person.app.saver.drain(5)
        assert any(one.state == "claimed" for one in workspace.read(first.id).items.values())
        path.write_bytes(whole)
        await sees_not(person, "cannot be read")
        assert screen.deal.contacts[person_id].phone == "13912345678"
        again = person.app.workspace.stamp()
        assert screen.change(lambda deal: contacts.edit(deal, person_id, again, phone="3"))
    assert workspace.read(first.id).contacts[person_id].phone == "3"


async def sees_not(person: Person, text: str) -> None:
    for _ in range(40):
        if text not in "\n".join(person.text.splitlines()[:6]):
            return
        await asyncio.sleep(0.05)
        await person.pilot.pause()
    raise AssertionError(person.text)


async def test_what_the_disk_refuses_to_the_end_is_kept_with_its_customer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first, _, person_id = two_deals(open_workspace(lang="en"))
    kept: list[str] = []
    async with running(leave_unsaved=True) as person:
        person.app.open_deal(first.id)
        await person.settle()
        workspace = person.app.workspace

        def full(*_: object) -> None:
            raise save_failed(tmp_path, OSError(28, "No space left on device"))

        monkeypatch.setattr(workspace, "edit", full)
        monkeypatch.setattr(workspace, "park", full)
        monkeypatch.setattr(rescue, "mkstemp", lambda prefix, suffix: _file(tmp_path, prefix))
        screen, stamp = person.deal, workspace.stamp()
        screen.change(lambda deal: contacts.edit(deal, person_id, stamp, phone="13912345678"))
        kept = rescue.park_unsaved(workspace, person.app.saver)
    assert len(kept) == 2
    assert any("13912345678" in one.read_text("utf-8") for one in tmp_path.glob("*.json"))


def _file(folder: Path, prefix: str) -> tuple[int, str]:
    path = folder / f"{prefix}.json"
    return os.open(path, os.O_RDWR | os.O_CREAT), str(path)
