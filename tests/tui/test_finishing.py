"""What was marked as done is told once, when a saved deal says so."""

from __future__ import annotations

from salescoach.deal import actions
from salescoach.tui.home.finishing import Finishing
from tests.build import make_deal, stamp

PLANNED = actions.add(make_deal(), stamp("call"), "Call Ann")
(KEY,) = PLANNED.actions
DONE = actions.done(PLANNED, KEY, stamp("done"))


def test_an_action_is_told_once_when_it_is_done() -> None:
    finishing = Finishing()
    assert finishing.start(PLANNED.id, KEY, "Call Ann")
    assert not finishing.start(PLANNED.id, KEY, "Call Ann")
    assert finishing.done(PLANNED, 1) == []
    assert finishing.done(DONE, 0) == ["Call Ann"]
    assert finishing.done(DONE, 0) == []


def test_an_action_that_was_refused_is_given_up() -> None:
    finishing = Finishing()
    finishing.start(PLANNED.id, KEY, "Call Ann")
    assert finishing.done(PLANNED, 0) == []
    assert finishing.start(PLANNED.id, KEY, "Call Ann")


def test_another_deal_says_nothing_about_it() -> None:
    finishing = Finishing()
    finishing.start("other", KEY, "Call Ann")
    assert finishing.done(DONE, 0) == []
    assert not finishing.start("other", KEY, "Call Ann")
