"""What is done to a customer, alone or together with its deals, through the one door."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from salescoach.customer import identity, people
from salescoach.customer.erasing import erase
from salescoach.customer.merging import merge_customers
from salescoach.customer.models import Customer
from salescoach.deal import contacts
from salescoach.deal import identity as deal_identity
from salescoach.deal.models import Deal
from salescoach.document.merge import merge
from salescoach.paths import under
from salescoach.settings import Settings
from salescoach.store.errors import NothingToRedo, NothingToUndo
from salescoach.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    seconds = itertools.count()
    start = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    return Workspace(
        under(tmp_path / "home"),
        Settings(me="王工"),
        environ={"LANG": "zh_CN.UTF-8"},
        now=lambda: start + timedelta(seconds=next(seconds)),
    )


def with_person(workspace: Workspace, deal: Deal, name: str, **fields: Any) -> tuple[Deal, str]:
    stamp = workspace.stamp()
    return workspace.edit(
        deal.id, lambda old: contacts.add(old, stamp, name=name, **fields)
    ), stamp.id


def comes_in(workspace: Workspace, base: Customer, there: Customer) -> None:
    """Merge what another place made of a customer with what it is here."""
    here = workspace.customers.read(there.id)
    workspace.customers.edit(there.id, lambda _: merge(base, here, there))


def customer_of(deal: Deal) -> str:
    assert deal.customer_id is not None
    return deal.customer_id


def test_a_customer_is_edited_by_itself_and_its_deals_show_it(workspace: Workspace) -> None:
    deal = workspace.create(name="CRM", customer="华鼎数据")
    key, stamp = customer_of(deal), workspace.stamp()
    workspace.edit_customer(key, lambda old: identity.edit(old, stamp, name="华鼎"))
    assert workspace.read(deal.id).customer == "华鼎"
    assert workspace.undo_customer(key).name == "华鼎数据"
    assert workspace.redo_customer(key).name == "华鼎"


def test_an_act_of_a_deal_is_taken_back_from_the_customers_side_in_both(
    workspace: Workspace,
) -> None:
    deal, who = with_person(workspace, workspace.create(name="CRM", customer="华鼎数据"), "李工")
    key = customer_of(deal)
    assert not workspace.undo_customer(key).people
    assert not workspace.read(deal.id).stakeholders
    assert who in workspace.redo_customer(key).people
    assert who in workspace.read(deal.id).stakeholders


def test_two_people_are_made_one_in_every_deal_and_two_again_from_either_side(
    workspace: Workspace,
) -> None:
    first = workspace.create(name="CRM", customer="华鼎数据")
    second = workspace.create(name="ERP", customer="华鼎数据")
    first, kept = with_person(workspace, first, "李工", phone="13800000000")
    second, gone = with_person(workspace, second, "李工程师", title="总工", key=True)
    key = customer_of(first)
    merged = workspace.merge_people(key, kept, gone)
    assert list(merged.people) == [kept]
    assert merged.people[kept].title == "总工"
    assert list(workspace.read(second.id).contacts) == [kept]
    assert workspace.read(second.id).contacts[kept].key
    assert workspace.store.read(second.id).stakeholders.keys() == {kept}

    # In the second deal, where it has a part, the act is taken back everywhere.
    assert list(workspace.undo(second.id).contacts) == [gone]
    assert set(workspace.read_customer(key).people) == {kept, gone}
    assert list(workspace.redo_customer(key).people) == [kept]
    assert workspace.store.read(second.id).stakeholders.keys() == {kept}


def test_two_customers_are_made_one_with_their_deals_and_two_again(workspace: Workspace) -> None:
    first = workspace.create(name="CRM", customer="华鼎数据")
    second = workspace.create(name="ERP", customer="华鼎")
    second, who = with_person(workspace, second, "李工")
    kept, gone = customer_of(first), customer_of(second)
    merged = workspace.merge_customers(kept, gone)
    assert (merged.name, merged.other_names) == ("华鼎数据", ("华鼎",))
    deal = workspace.read(second.id)
    assert (deal.customer_id, deal.customer) == (kept, "华鼎数据")
    assert deal.contacts[who].name == "李工"
    assert set(workspace.deals_of(kept)) == {first.id, second.id}

    stamp = workspace.stamp()
    after = workspace.edit_customer(gone, lambda old: people.edit(old, who, stamp, phone="1"))
    assert after.id == kept  # what is done to the one that went away is done to the one that stays
    workspace.undo_customer(kept)
    workspace.undo_customer(kept)
    assert workspace.read(second.id).customer_id == gone
    assert workspace.read_customer(gone).merged_into is None
    assert list(workspace.read_customer(gone).people) == [who]
    assert not workspace.read_customer(kept).people


def test_a_customer_of_whom_there_is_nothing_to_take_back_says_so(workspace: Workspace) -> None:
    customer = workspace.new_customer("华鼎数据", ["Huading"])
    assert customer.other_names == ("Huading",)
    assert workspace.new_customer("Huading").id == customer.id
    with pytest.raises(NothingToRedo):
        workspace.redo_customer(customer.id)


def test_what_comes_to_a_customer_that_was_merged_away_is_carried_over(
    workspace: Workspace,
) -> None:
    first = workspace.create(name="CRM", customer="华鼎数据")
    second = workspace.create(name="ERP", customer="华鼎")
    second, who = with_person(workspace, second, "李工", phone="138")
    kept, gone = customer_of(first), customer_of(second)
    before = workspace.customers.read(gone)
    workspace.merge_customers(kept, gone)
    assert workspace.bring_all_together() == 0

    # A colleague who does not know of it changes the one that went away, and the file comes here.
    there = people.edit(before, who, workspace.stamp(), phone="137")
    there = people.add(there, workspace.stamp(), name="孙梅")
    comes_in(workspace, before, there)
    assert workspace.bring_all_together() == 1
    whole = workspace.read_customer(kept)
    assert {one.name: one.phone for one in whole.people.values()} == {"李工": "137", "孙梅": ""}
    assert workspace.customers.read(gone).people == {}
    assert workspace.read(second.id).contacts[who].phone == "137"
    assert workspace.bring_all_together() == 0


def test_customers_that_two_places_merged_into_each_other_become_one(workspace: Workspace) -> None:
    first = workspace.create(name="CRM", customer="华鼎数据")
    second = workspace.create(name="ERP", customer="华鼎")
    first, one = with_person(workspace, first, "王总")
    second, other = with_person(workspace, second, "李工")
    ids = customer_of(first), customer_of(second)
    kept, gone = (workspace.customers.read(key) for key in ids)
    workspace.merge_customers(*ids)
    there = merge_customers(gone, kept, workspace.stamp())
    for document, base in zip(there, (gone, kept), strict=True):
        comes_in(workspace, base, document)
    assert workspace.bring_all_together() >= 1
    stays = min(ids)
    assert [card.id for card in workspace.lists.customers.cards()] == [stays]
    assert set(workspace.read_customer(ids[0]).people) == {one, other}
    for deal in (first, second):
        assert customer_of(workspace.read(deal.id)) == stays
    assert workspace.bring_all_together() == 0


def test_a_file_that_is_put_in_the_place_of_a_customer_is_merged_with_what_was_saved(
    workspace: Workspace,
) -> None:
    deal = workspace.create(name="CRM", customer="华鼎数据")
    deal, who = with_person(workspace, deal, "李工")
    path = workspace.customers.path(customer_of(deal))
    older = path.read_bytes()
    with_person(workspace, deal, "王总")
    path.write_bytes(older)
    assert workspace.bring_all_together() == 1
    found = workspace.customers.read(customer_of(deal)).people
    assert {one.name for one in found.values()} == {"李工", "王总"}
    assert who in found
    assert workspace.bring_all_together() == 0


def test_nothing_takes_back_that_a_person_was_erased(workspace: Workspace) -> None:
    deal = workspace.create(name="CRM", customer="华鼎数据")
    deal, who = with_person(workspace, deal, "李工")
    stamp = workspace.stamp()
    key = customer_of(deal)
    workspace.edit_customer(key, lambda old: erase(old, who, stamp))
    for way in (workspace.undo_customer, workspace.redo_customer):
        with pytest.raises((NothingToUndo, NothingToRedo)):
            way(key, act=stamp.id)
    assert who not in workspace.undo_customer(key).people


def test_a_deal_that_went_to_another_customer_goes_back_with_its_people(
    workspace: Workspace,
) -> None:
    deal, who = with_person(workspace, workspace.create(name="CRM", customer="华鼎数据"), "李工")
    other, stamp = workspace.new_customer("Globex"), workspace.stamp()
    moved = workspace.edit(deal.id, lambda old: deal_identity.move(old, other, stamp))
    assert moved.customer == "Globex"
    back = workspace.undo(deal.id)
    assert (back.customer, back.customer_id) == ("华鼎数据", deal.customer_id)
    assert back.contacts[who].name == "李工"
    assert workspace.redo(deal.id).customer_id == other.id
    assert workspace.read(deal.id).customer == "Globex"
