"""What is computed of a deal is computed once, and never told of another one."""

from __future__ import annotations

import pytest

from salescoach.coach import checks
from salescoach.coach.progress import deal_progress
from salescoach.deal import items
from salescoach.deal.models import Deal
from salescoach.playbook.models import Playbook
from tests.build import make_deal, small_playbook, stamp, with_contact

PLAYBOOK = small_playbook()


def test_a_check_is_made_once_for_a_deal(monkeypatch: pytest.MonkeyPatch) -> None:
    deal = with_contact(make_deal())
    asked: list[Deal] = []
    make = checks._CHECKS["contacts-placed"]

    def counted(playbook: Playbook, of: Deal) -> checks.CheckResult:
        asked.append(of)
        return make(playbook, of)

    monkeypatch.setitem(checks._CHECKS, "contacts-placed", counted)

    for _ in range(3):
        checks.run("contacts-placed", PLAYBOOK, deal)

    assert asked == [deal]


def test_another_state_of_a_deal_is_judged_for_itself() -> None:
    deal = make_deal()
    states = [deal]
    for number, key in enumerate(PLAYBOOK.places):
        states.append(items.tick(states[-1], key, stamp(f"tick {number}")))

    done = [deal_progress(PLAYBOOK, state).items_done for state in states]
    again = [deal_progress(PLAYBOOK, state.model_copy()).items_done for state in states]

    assert done == again
    assert done[-1] > done[0]
