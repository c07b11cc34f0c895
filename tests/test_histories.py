"""A deal and its customer are rebuilt for any day from what their events say that they changed, without kept versions."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from salescoach.document.changes import content
from salescoach.document.errors import MergeFailed
from salescoach.document.rebuild import as_of
from salescoach.document.traces import PERSON_ERASED
from salescoach.words.events import TEXTS
from tests.histories import differs, first, lived, two_places

ACTS = 500
_NO_EVENTS = frozenset(
    {"unknown", "detail", "detail-separator", "change", "change-separator", "money", "retired"}
    | {"and-more", "merged", "contact-carried", PERSON_ERASED}
)
"""Words of the timeline that are no act's, what only two places make, and what nobody is to find again."""
_VARIANTS = (
    "-on",
    "-until",
    "-itself",
    "-due",
    "-outcome",
    "-contact",
    "-item",
    "-count",
    "-whose",
)


@pytest.mark.parametrize("seed", range(24))
def test_a_deal_and_its_customer_are_rebuilt_for_every_day_of_500_acts(seed: int) -> None:
    chance = random.Random(f"history {seed}")
    assert differs(lived(first(), ACTS, chance), chance) == ""


def test_the_histories_have_every_act_there_is() -> None:
    done = {
        event.what
        for seed in range(4)
        for one in lived(first(), ACTS, random.Random(f"acts {seed}")).now.documents()
        for event in one.timeline.values()
    }
    known = {name for name in TEXTS if not name.endswith(_VARIANTS)} - _NO_EVENTS
    assert known - done == set()


@pytest.mark.parametrize("seed", range(6))
def test_what_two_places_did_leads_back_to_where_they_parted(seed: int) -> None:
    chance = random.Random(f"two places {seed}")
    try:
        now, parted = two_places(first(), 60, chance)
    except MergeFailed:
        pytest.skip("they make no valid documents")
    for document, trunk in zip(now.documents(), parted.documents(), strict=True):
        last = max(event.at for event in document.timeline.values())
        assert as_of(document, last) is document
        day = document.created_at.date()
        while day <= last.date():
            as_of(document, day)
            day += timedelta(days=1)
        then = as_of(document, max(event.at for event in trunk.timeline.values()))
        assert then is not None
        assert content(then) == content(trunk)
        assert list(then.timeline) == list(trunk.timeline)
