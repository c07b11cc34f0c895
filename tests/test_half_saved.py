"""What one act changes in a deal and its customer, where only a part of it could be saved."""

from __future__ import annotations

import errno
import os
from typing import Any

import pytest

from salescoach.deal import contacts
from salescoach.deal.models import Deal
from salescoach.store.errors import HalfSaved, save_failed
from salescoach.workspace import Workspace, open_workspace


@pytest.fixture
def workspace() -> Workspace:
    return open_workspace(lang="en")


@pytest.fixture
def deal(workspace: Workspace) -> Deal:
    return workspace.create(name="CRM 升级", customer="华鼎数据")


def refuse(patch: pytest.MonkeyPatch, store: Any, *, after: bool) -> None:
    """Let the next save of a document of this store fail, before or after its file is the new one."""
    put = store.put

    def fail(new: Any, old: Any) -> Any:
        patch.setattr(store, "put", put)
        if after:
            put(new, old)
        raise save_failed(store.path(new.id), OSError(errno.EIO, os.strerror(errno.EIO)))

    patch.setattr(store, "put", fail)


def people(workspace: Workspace, deal: Deal) -> tuple[list[str], list[str]]:
    """Return the names of the people in the customer's file and in the deal's."""
    assert deal.customer_id is not None
    customer = workspace.customers.read(deal.customer_id)
    alone = workspace.store.read(deal.id)
    return (
        [one.name for one in customer.people.values()],
        [one.name for one in alone.stakeholders.values()],
    )


def test_what_was_half_saved_is_whole_once_it_is_tried_again(
    workspace: Workspace, deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = workspace.stamp()
    refuse(monkeypatch, workspace.store, after=False)
    with pytest.raises(HalfSaved):
        workspace.edit(deal.id, lambda one: contacts.add(one, stamp, name="Ann"))
    assert people(workspace, deal) == (["Ann"], [])
    again = workspace.edit(deal.id, lambda one: contacts.add(one, stamp, name="Ann"))
    assert [one.name for one in again.contacts.values()] == ["Ann"]
    assert people(workspace, deal) == (["Ann"], ["Ann"])
    assert not list(workspace.paths.unfinished.iterdir())


def test_a_first_file_that_could_not_be_put_back_is_gone_on_with_at_the_next_start(
    workspace: Workspace, deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = workspace.stamp()
    refuse(monkeypatch, workspace.customers, after=True)
    with pytest.raises(HalfSaved):
        workspace.edit(deal.id, lambda one: contacts.add(one, stamp, name="Ann"))
    assert people(workspace, deal) == (["Ann"], [])
    fresh = open_workspace(lang="en")
    fresh.sweep()
    assert people(fresh, deal) == (["Ann"], ["Ann"])
    assert not list(fresh.paths.unfinished.iterdir())
