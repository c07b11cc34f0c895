"""The folder of the customers goes away while the program is open, and comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from salescoach.deal import contacts, notes
from salescoach.deal.models import Deal
from salescoach.document.errors import DocumentError
from salescoach.store.errors import FolderGone, StoreError
from salescoach.workspace import Workspace, open_workspace


@pytest.fixture
def workspace() -> Workspace:
    return open_workspace(lang="en")


@pytest.fixture
def deal(workspace: Workspace) -> Deal:
    made, stamp = workspace.create(name="CRM", customer="Acme"), workspace.stamp()
    return workspace.edit(made.id, lambda one: contacts.add(one, stamp, name="Ann", phone="138"))


def test_a_deal_opens_and_is_edited_while_the_customers_are_away(
    workspace: Workspace, deal: Deal, home: Path
) -> None:
    person = next(iter(deal.stakeholders))
    away = (home / "customers").rename(home / "elsewhere")
    seen = workspace.read(deal.id)
    assert (seen.customer_record, [one.name for one in seen.contacts.values()]) == (None, ["Ann"])
    stamp = workspace.stamp()
    assert workspace.edit(deal.id, lambda one: notes.add(one, stamp, "met"), deal).notes
    for base in (None, deal):
        stamp = workspace.stamp()
        with pytest.raises((DocumentError, StoreError)):
            workspace.edit(deal.id, lambda one: contacts.edit(one, person, stamp, phone="1"), base)  # noqa: B023
    with pytest.raises(FolderGone):
        workspace.create(name="ERP", customer="New")
    assert not (home / "customers").exists()
    away.rename(home / "customers")
    back = workspace.read(deal.id)
    assert [one.phone for one in back.contacts.values()] == ["138"]
    assert [one.text for one in back.notes.values()] == ["met"]


def test_what_was_typed_is_kept_while_the_customers_are_away(
    workspace: Workspace, deal: Deal, home: Path
) -> None:
    (home / "customers").rename(home / "elsewhere")
    assert workspace.park(deal).exists()
    assert [len(store.parked()) for store in (workspace.store, workspace.customers)] == [1, 1]


def test_deals_are_listed_and_the_folder_is_told_while_the_customers_are_away(
    workspace: Workspace, deal: Deal, home: Path
) -> None:
    assert [card.name for card in workspace.cards()] == ["CRM"]
    away = (home / "customers").rename(home / "elsewhere")
    assert [card.name for card in workspace.cards()] == ["CRM"]
    workspace.refresh()
    assert any(str(home / "customers") in banner for banner in workspace.banners())
    stamp = workspace.stamp()
    workspace.edit(deal.id, lambda one: notes.add(one, stamp, "met"))
    workspace.refresh()
    away.rename(home / "customers")
    workspace.refresh()
    assert not workspace.banners()
    assert [one.name for one in workspace.people("138", 5)] == ["Ann"]
    assert [one.phone for one in workspace.read(deal.id).contacts.values()] == ["138"]
