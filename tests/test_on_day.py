"""What a workspace saves can be told for any moment: each file as it was, and the deal read with its customer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from salescoach.deal import contacts, items, notes
from salescoach.deal.models import Deal
from salescoach.document.changes import content
from salescoach.document.rebuild import as_of
from salescoach.document.stamp import Stamp
from salescoach.paths import under
from salescoach.settings import Settings
from salescoach.workspace import Workspace
from tests.build import LADDER, NOW, STAGES, make_customer, make_deal


class Home:
    """A workspace whose clock goes on by an hour with each act, and what every file held after each."""

    def __init__(self, place: Path) -> None:
        self.hour = 0
        self.workspace = Workspace(
            under(place), Settings(), now=lambda: NOW + timedelta(hours=self.hour)
        )
        self.seen: list[tuple[datetime, dict[str, Any]]] = []
        self.keep()

    def keep(self) -> None:
        """Note what the files hold."""
        stores = (self.workspace.store, self.workspace.customers)
        files = {key: store.read(key) for store in stores for key in store.ids()}
        self.seen.append((self.workspace.now(), files))

    def act(self, what: Callable[[Stamp], object]) -> None:
        """Do something an hour later."""
        self.hour += 1
        what(Stamp(self.workspace.now(), "小周"))
        self.keep()

    def edit(self, key: str, operation: Callable[[Deal, Stamp], Deal]) -> None:
        """Change a deal an hour later."""
        self.act(lambda stamp: self.workspace.edit(key, lambda deal: operation(deal, stamp)))


def test_every_file_is_told_as_it_was_after_each_act_also_where_names_came_from_another_deal(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path / "home")
    workspace = home.workspace
    customer = make_customer()
    one, other = (make_deal(label=label, customer=customer, stages=STAGES) for label in "ab")
    home.act(lambda _: workspace.deals.create(one))
    home.act(lambda _: workspace.deals.create(other))
    home.edit(one.id, lambda d, s: contacts.add(d, s, name="李工"))
    home.edit(one.id, lambda d, s: contacts.add(d, s, name="王总"))
    home.edit(one.id, lambda d, s: contacts.add(d, s, name="老王"))
    li, wang, old = workspace.read(one.id).stakeholders
    home.edit(other.id, lambda d, s: contacts.involve(d, li, s))
    home.edit(other.id, lambda d, s: contacts.edit(d, li, s, name="李工程师"))
    home.act(lambda s: workspace.customer_acts.merge_people(customer.id, wang, old, s, LADDER))
    home.edit(one.id, lambda d, s: notes.add(d, s, "看过了"))
    home.edit(one.id, lambda d, s: contacts.edit(d, li, s, title="总工"))
    home.edit(other.id, lambda d, s: items.tick(d, "met", s))
    home.act(lambda s: workspace.deals.travel(other.id, "undo", s, None))
    now = home.seen[-1][1]
    assert set(now) == {one.id, other.id, customer.id}
    for moment, files in home.seen:
        for key, document in files.items():
            then = as_of(now[key], moment)
            assert then is not None
            assert content(then) == content(document), (moment, key)
        if one.id in files:
            whole = workspace.as_of(one.id, moment)
            assert whole is not None
            assert whole.contacts == files[one.id].beside(files[customer.id]).contacts
