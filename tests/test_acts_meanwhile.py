"""What one act does to a deal and its customer, where somebody else changed them meanwhile, and when it is taken back."""

from __future__ import annotations

import pytest

from salescoach.customer import people
from salescoach.deal import contacts
from salescoach.deal.identity import move
from salescoach.store.errors import CannotTakeBack
from salescoach.workspace import Workspace
from tests.test_customer_acts import customer_of, with_person, workspace

__all__ = ["workspace"]


def two(workspace: Workspace) -> tuple[str, str, str]:
    """Return the id of a deal, that of somebody in it, and that of another customer's deal."""
    other = workspace.create(name="ERP", customer="华鼎数据")
    deal, who = with_person(workspace, workspace.create(name="CRM", customer="华鼎"), "李工")
    return deal.id, who, other.id


def customer_in(workspace: Workspace, deal_id: str) -> str:
    return customer_of(workspace.store.read(deal_id))


def moved(workspace: Workspace, deal_id: str, other_id: str) -> None:
    other, stamp = workspace.read_customer(customer_in(workspace, other_id)), workspace.stamp()
    workspace.edit(deal_id, lambda deal: move(deal, other, stamp))


def merged(workspace: Workspace, deal_id: str, other_id: str) -> None:
    workspace.merge_customers(customer_in(workspace, other_id), customer_in(workspace, deal_id))


@pytest.mark.parametrize("happens", [moved, merged])
def test_what_is_done_to_a_person_whose_deal_goes_to_another_customer_meanwhile_is_kept(
    workspace: Workspace, happens: object
) -> None:
    deal, who, other = two(workspace)
    seen = workspace.read(deal)
    assert callable(happens)
    happens(workspace, deal, other)
    stamp = workspace.stamp()
    workspace.edit(
        deal, lambda old: contacts.edit(old, who, stamp, title="总工"), workspace.read(deal)
    )
    stamp, new = workspace.stamp(), workspace.stamp()
    workspace.edit(deal, lambda old: contacts.edit(old, who, stamp, phone="138"), seen)
    workspace.edit(deal, lambda old: contacts.add(old, new, name="王总", phone="139"), seen)
    here = workspace.read(deal)
    assert here.customer == "华鼎数据"
    assert (here.contacts[who].phone, here.contacts[who].title) == ("138", "总工")
    assert here.contacts[new.id].phone == "139"
    customer = workspace.read_customer(customer_in(workspace, other))
    assert customer.people[new.id].phone == "139"
    assert not customer.conflicts
    workspace.undo(deal)
    workspace.undo(deal)
    assert workspace.read(deal).contacts[who].phone == ""
    assert workspace.read(deal).contacts.keys() == {who}


def test_what_is_done_to_a_customer_that_was_merged_meanwhile_is_kept(
    workspace: Workspace,
) -> None:
    deal, who, other = two(workspace)
    seen = workspace.read_customer(customer_in(workspace, deal))
    merged(workspace, deal, other)
    stamp = workspace.stamp()
    after = workspace.edit_customer(
        seen.id, lambda old: people.edit(old, who, stamp, phone="138"), seen
    )
    assert (after.id, after.people[who].phone) == (customer_in(workspace, other), "138")


def test_a_deal_that_goes_to_a_customer_read_before_brings_nothing_old_there(
    workspace: Workspace,
) -> None:
    deal, who, other = two(workspace)
    there, known = with_person(workspace, workspace.read(other), "张工")
    long_ago = there.customer_record
    assert long_ago is not None
    edited, stamp = workspace.stamp(), workspace.stamp()
    workspace.edit(other, lambda old: contacts.edit(old, known, edited, phone="137"))
    workspace.edit(deal, lambda old: move(old, long_ago, stamp))
    customer = workspace.read_customer(long_ago.id)
    assert customer.people[known].phone == "137"
    assert customer.people.keys() == {known, who}
    assert {edited.id, stamp.id} <= customer.timeline.keys()
    assert workspace.read(deal).contacts[who].name == "李工"


def test_a_customer_that_two_deals_go_to_before_it_is_there_gets_the_people_of_both(
    workspace: Workspace,
) -> None:
    new = [workspace.made_customer("未来科技", workspace.stamp()) for _ in range(2)]
    found = []
    for name, customer in zip(("CRM", "ERP"), new, strict=True):
        deal, who = with_person(workspace, workspace.create(name=name, customer=name), name)
        stamp = workspace.stamp()
        workspace.edit(deal.id, lambda old, to=customer, by=stamp: move(old, to, by))  # type: ignore[misc]
        found.append(who)
    assert workspace.read_customer(new[0].id).people.keys() == set(found)
    assert workspace.read_customer(new[0].id).conflicts == {}


def test_that_a_deal_went_to_another_customer_is_taken_back_and_done_again(
    workspace: Workspace,
) -> None:
    deal, who, other = two(workspace)
    before, after = customer_in(workspace, deal), customer_in(workspace, other)
    moved(workspace, deal, other)
    assert workspace.undo(deal).customer_id == before
    assert customer_in(workspace, deal) == before
    assert not workspace.read_customer(after).people
    assert workspace.redo(deal).customer_id == after
    assert workspace.read(deal).contacts[who].name == "李工"
    assert workspace.read_customer(after).people.keys() == {who}


def test_without_people_it_is_taken_back_too(workspace: Workspace) -> None:
    deal, other = (workspace.create(name="CRM", customer=name) for name in ("华鼎", "华鼎数据"))
    before = customer_of(deal)
    moved(workspace, deal.id, other.id)
    assert workspace.undo(deal.id).customer == "华鼎"
    assert customer_in(workspace, deal.id) == before
    assert workspace.redo(deal.id).customer == "华鼎数据"


def test_merging_customers_is_done_again_in_their_deals_too_from_either_side(
    workspace: Workspace,
) -> None:
    deal, who, other = two(workspace)
    gone, kept = customer_in(workspace, deal), customer_in(workspace, other)
    merged(workspace, deal, other)
    workspace.undo_customer(kept)
    assert customer_in(workspace, deal) == gone
    workspace.redo_customer(kept)
    assert customer_in(workspace, deal) == kept
    workspace.undo(deal)
    assert customer_in(workspace, deal) == gone
    assert workspace.read_customer(gone).merged_into is None
    workspace.redo(deal)
    assert customer_in(workspace, deal) == kept
    assert workspace.read_customer(gone).merged_into == kept
    assert workspace.read(deal).contacts[who].name == "李工"


def test_nobody_who_has_a_part_in_another_deal_goes_with_the_act_that_added_them(
    workspace: Workspace,
) -> None:
    first = workspace.create(name="CRM", customer="华鼎")
    second = workspace.create(name="ERP", customer="华鼎")
    first, who = with_person(workspace, first, "李工", phone="138")
    stamp = workspace.stamp()
    workspace.edit(second.id, lambda deal: contacts.involve(deal, who, stamp))
    for undo in (
        lambda: workspace.undo(first.id),
        lambda: workspace.undo_customer(first.customer_id or ""),
    ):
        with pytest.raises(CannotTakeBack) as refused:
            undo()
        assert refused.value.code == "take-back-in-deal"
        assert "ERP" in workspace.explain(refused.value)
    assert workspace.read(second.id).contacts[who].phone == "138"
    workspace.undo(second.id)
    workspace.undo(first.id)
    assert not workspace.read_customer(customer_of(first)).people


def test_a_customers_name_that_was_changed_in_its_deal_is_taken_back_there(
    workspace: Workspace,
) -> None:
    deal, stamp = workspace.create(name="CRM", customer="华鼎"), workspace.stamp()
    workspace.edit(deal.id, lambda old: workspace.at_customer(old, "华鼎数据", stamp))
    assert workspace.undo(deal.id).customer == "华鼎"
    assert workspace.redo(deal.id).customer == "华鼎数据"
