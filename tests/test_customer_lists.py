"""Customers and their people in the lists: each once, found by any of their names, and deals that follow their customer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from salescoach.customer import identity as customers
from salescoach.customer import people
from salescoach.customer.models import Customer
from salescoach.deal import actions, contacts, identity
from salescoach.deal.models import Deal
from salescoach.paths import under
from salescoach.settings import Settings
from salescoach.store.errors import Ambiguous
from salescoach.workspace import Workspace
from salescoach.workspace.joining import Joining
from salescoach.workspace.lists.query import Where
from salescoach.workspace.lists.resolve import resolve
from tests.build import TODAY


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(under(tmp_path / "home"), Settings(lang="en", me="Sam"), environ={})


def other(workspace: Workspace) -> Workspace:
    """Return what another process has."""
    return Workspace(workspace.paths, Settings(lang="en", me="Kim"), environ={})


def with_person(workspace: Workspace, deal: Deal, name: str, **fields: Any) -> tuple[Deal, str]:
    """Save a person in a deal and return the deal and the person's id."""
    stamp = workspace.stamp()
    return workspace.edit(
        deal.id, lambda one: contacts.add(one, stamp, name=name, **fields)
    ), stamp.id


def customer_of(workspace: Workspace, deal: Deal) -> Customer:
    found = workspace.read(deal.id).customer_record
    assert found is not None
    return found


def test_a_customer_is_listed_once_with_what_its_deals_make(workspace: Workspace) -> None:
    first = workspace.create(name="CRM", customer="华鼎数据")
    second = workspace.create(name="ERP", customer="华鼎数据")
    gone = workspace.create(name="old", customer="华鼎数据")
    workspace.create(name="x", customer="Acme")
    workspace.edit(gone.id, lambda one: identity.lose(one, workspace.stamp(), "price"))
    first, _ = with_person(workspace, first, "李工")
    stamp = workspace.stamp()
    workspace.edit(second.id, lambda one: actions.add(one, stamp, text="call", due=TODAY))
    later = workspace.stamp()
    workspace.edit(second.id, lambda one: actions.add(one, later, text="write"))
    workspace.catch_up()
    lists = workspace.lists
    assert [card.name for card in lists.customers.cards()] == ["Acme", "华鼎数据"]
    (card,) = lists.customers.search("hdsj")
    assert (card.id, card.people, card.open_deals, card.deals, card.actions) == (
        first.customer_id,
        1,
        2,
        3,
        2,
    )
    assert card.touched_at == max(
        one.updated_at for one in lists.deals.cards(Where(customer=card.id))
    )
    assert lists.customers.get(card.id) == card
    assert {one.name for one in lists.deals.cards(Where(customer=card.id))} == {"CRM", "ERP", "old"}
    assert [one.name for one in lists.deals.cards(Where(customer=card.id, text="erp"))] == ["ERP"]
    assert (lists.customers.count(), lists.customers.count("acm")) == (2, 1)
    pages = [lists.customers.cards(sort="touched", limit=1, offset=at)[0].name for at in (0, 1)]
    assert sorted(pages) == ["Acme", "华鼎数据"]
    assert lists.customers.cards(sort="deals")[0].id == card.id


def test_it_is_found_by_any_of_its_names(workspace: Workspace) -> None:
    deal = workspace.create(name="CRM", customer="华鼎数据")
    customer = customer_of(workspace, deal)
    stamp = workspace.stamp()
    workspace.customers.edit(
        customer.id, lambda one: customers.edit(one, stamp, other_names=("Huading Ltd", "鼎新"))
    )
    workspace.catch_up()
    lists = workspace.lists.customers
    for typed in ("华鼎", "huading", "hdsj", "dx", "LTD", "鼎新"):
        assert [card.id for card in lists.search(typed)] == [customer.id], typed
    assert not lists.search("acme")
    assert not lists.search(" ")
    assert lists.named("ｈｕａｄｉｎｇ  ltd") == [customer.id]
    assert lists.named("huading") == []
    assert lists.named("") == []
    assert resolve(lists, "鼎新") == resolve(lists, customer.id[:8]) == customer.id
    found = workspace.customer_named("鼎新")
    assert found is not None
    assert found.id == customer.id
    assert workspace.create(name="ERP", customer="huading ltd").customer_id == customer.id
    # Its deals are found by them too.
    workspace.catch_up()
    assert {card.name for card in workspace.lists.deals.search("dingxin")} == {"CRM", "ERP"}


def test_a_person_is_listed_once_whatever_the_number_of_deals(workspace: Workspace) -> None:
    first = workspace.create(name="CRM", customer="华鼎数据")
    first, key = with_person(workspace, first, "单玉梅", title="行长助理", phone="138 0013 8000")
    second = workspace.create(name="ERP", customer="华鼎数据")
    workspace.edit(second.id, lambda one: contacts.involve(one, key, workspace.stamp()))
    workspace.edit(first.id, lambda one: identity.edit(one, workspace.stamp(), name="newest"))
    workspace.catch_up()
    for typed in ("shanym", "xzzl", "行长 sym", "13800138000"):
        (person,) = workspace.people(typed, 9)
        assert (person.id, person.name, person.title, person.customer) == (
            key,
            "单玉梅",
            "行长助理",
            "华鼎数据",
        )
        assert person.customer_id == first.customer_id
        assert sorted(person.deals) == sorted([first.id, second.id])
    assert not workspace.people("", 9)
    assert not workspace.people("shenyumei", 9)
    assert resolve(workspace.lists.people, "单玉梅") == key


def test_deals_follow_what_another_process_does_to_their_customer(workspace: Workspace) -> None:
    """After one look every list tells it, and nothing but that customer's deals is read again."""
    deals = [workspace.create(name=f"deal {number}", customer="华鼎数据") for number in range(3)]
    workspace.create(name="x", customer="Acme")
    _, key = with_person(workspace, deals[0], "李工")
    for deal in deals[1:]:
        workspace.edit(deal.id, lambda one: contacts.involve(one, key, workspace.stamp()))
    workspace.catch_up()
    assert not workspace.behind()
    away = other(workspace)
    stamp = away.stamp()
    away.customers.edit(
        str(deals[0].customer_id), lambda one: customers.edit(one, stamp, name="鼎新科技")
    )
    assert workspace.behind()
    assert workspace.refresh() == 4
    assert not workspace.behind()
    cards = workspace.lists.deals.cards(Where(text="dxkj"))
    assert {card.customer for card in cards} == {"鼎新科技"}
    assert len(cards) == 3
    assert not workspace.lists.deals.search("huading")


def test_what_is_done_to_a_person_in_one_deal_is_found_in_the_others(workspace: Workspace) -> None:
    """The deal that was saved is in step at once; the others are looked at by the next reader."""
    first = workspace.create(name="CRM", customer="华鼎数据")
    first, key = with_person(workspace, first, "李工")
    second = workspace.create(name="ERP", customer="华鼎数据")
    workspace.edit(second.id, lambda one: contacts.involve(one, key, workspace.stamp()))
    workspace.catch_up()
    stamp = workspace.stamp()
    workspace.edit(first.id, lambda one: contacts.edit(one, key, stamp, name="王工"))
    assert workspace.glance().stale
    assert workspace.behind()
    assert [card.name for card in workspace.lists.deals.search("wanggong")] == ["CRM"]
    workspace.catch_up()
    assert not workspace.glance().stale
    assert {card.name for card in workspace.lists.deals.search("wanggong")} == {"CRM", "ERP"}
    assert not workspace.lists.deals.search("ligong")


def test_a_deal_without_its_customer_is_listed_by_what_it_says(workspace: Workspace) -> None:
    """Missing, damaged, merged in a circle: found and told all the same, and whole again when it comes back."""
    deal = workspace.create(name="CRM", customer="华鼎数据")
    deal, key = with_person(workspace, deal, "李工", title="CTO")
    workspace.catch_up()
    path = workspace.customers.path(str(deal.customer_id))
    whole = path.read_bytes()
    for data in (None, b"{"):
        path.unlink() if data is None else path.write_bytes(data)
        workspace.catch_up()
        (card,) = workspace.lists.deals.search("ligong")
        assert (card.customer, card.customer_id) == ("华鼎数据", deal.customer_id)
        (person,) = workspace.people("ligong", 9)
        assert (person.id, person.title, person.deals) == (key, "", (deal.id,))
        assert workspace.lists.customers.problems() == (
            {} if data is None else {str(deal.customer_id): "damaged-not-json"}
        )
        told = workspace.words("storage.banner-customers", count=1)
        assert (told in workspace.banners()) == (data is not None)
        path.write_bytes(whole)
        workspace.catch_up()
        (person,) = workspace.people("ligong", 9)
        assert (person.id, person.title, person.deals) == (key, "CTO", (deal.id,))
        assert not workspace.behind()


def test_a_customer_that_was_merged_is_listed_as_the_one_that_has_its_record(
    workspace: Workspace,
) -> None:
    first = workspace.create(name="CRM", customer="华鼎数据")
    second = workspace.create(name="ERP", customer="鼎新科技")
    kept = str(first.customer_id)
    workspace.customers.edit(str(second.customer_id), lambda one: one.but(merged_into=kept))
    workspace.catch_up()
    assert [card.name for card in workspace.lists.customers.cards()] == ["华鼎数据"]
    assert workspace.lists.customers.get(str(second.customer_id)) is None
    assert {card.name for card in workspace.lists.deals.cards(Where(customer=kept))} == {
        "CRM",
        "ERP",
    }
    # Taken back: its deal goes by its own name again.
    workspace.customers.edit(str(second.customer_id), lambda one: one.but(merged_into=None))
    workspace.catch_up()
    assert len(workspace.lists.customers.cards()) == 2
    assert [card.customer for card in workspace.lists.deals.search("erp")] == ["鼎新科技"]


def test_a_refresh_reads_a_customer_once(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        workspace.create(name=f"deal {number}", customer="华鼎数据")
    fresh = other(workspace)
    reads: list[str] = []
    real = type(fresh.customers).read_signed

    def read(self: object, key: str) -> object:
        reads.append(key)
        return real(self, key)  # type: ignore[arg-type]

    monkeypatch.setattr(type(fresh.customers), "read_signed", read)
    fresh.index.close()
    for file in workspace.paths.cache.glob("index*"):
        file.unlink()
    assert fresh.refresh() == 6
    assert sorted(reads) == sorted(set(reads))
    assert len(reads) == 6


def test_two_customers_of_one_name_are_told_apart(workspace: Workspace) -> None:
    first = workspace.create(name="CRM", customer="华鼎数据")
    stamp = workspace.stamp()
    twin = customers.create(id=stamp.derive("twin").id, name="华鼎数据", stamp=stamp)
    workspace.customers.create(twin)
    workspace.catch_up()
    with pytest.raises(Ambiguous):
        resolve(workspace.lists.customers, "华鼎数据")
    assert resolve(workspace.lists.customers, str(first.customer_id)) == first.customer_id
    assert Joining(workspace.store, workspace.customers).joined(first).deal.customer == "华鼎数据"


def test_somebody_without_a_deal_is_found_too(workspace: Workspace) -> None:
    deal = workspace.create(name="CRM", customer="华鼎数据")
    stamp = workspace.stamp()
    workspace.customers.edit(str(deal.customer_id), lambda one: people.add(one, stamp, name="赵总"))
    workspace.catch_up()
    (person,) = workspace.people("zhaozong", 9)
    assert (person.name, person.deals) == ("赵总", ())
