"""What happened is told at one time of day, with the values before and after, and a note with its person."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from salescoach.deal import actions, contacts, identity, notes
from salescoach.document.change import changes
from salescoach.document.models import Event
from salescoach.document.stamp import Stamp
from salescoach.text import local_time
from tests.cli.conftest import Run, run

from .pilot import NARROW, WIDE, running

__all__ = ["run"]

AT = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)


@pytest.fixture
def shanghai(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the person live eight hours east of Greenwich."""
    monkeypatch.setenv("TZ", "CST-8")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


needs_zones = pytest.mark.skipif(not hasattr(time, "tzset"), reason="no time zones to choose here")


@needs_zones
def test_an_instant_is_told_where_the_reader_is(shanghai: None) -> None:
    assert local_time(AT) == "2026-11-25 02:30"
    assert local_time(datetime.fromisoformat("2026-11-24T20:00-05:00")) == "2026-11-25 09:00"
    for edge in ("0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00"):
        assert local_time(datetime.fromisoformat(edge))


@needs_zones
async def test_timeline_and_history_show_the_same_time(shanghai: None, run: Run) -> None:
    async with running("en") as person:
        screen = await person.new_deal()
        stamp = Stamp(AT, "Ann")
        screen.change(lambda deal: identity.edit(deal, stamp, amount=Decimal(5), owner="Bob"))
        await person.press("t")
        (line,) = [line for line in person.text.splitlines() if "Deal changed" in line][:1]
        assert "2026-11-25 02:30" in line
    told = run("history", screen.deal.id, "--lang", "en").out
    (same,) = [line for line in told.splitlines() if "Deal changed" in line]
    assert "2026-11-25 02:30" in same


async def test_an_edit_tells_old_and_new_values_in_timeline_history_and_json(run: Run) -> None:
    async with running("en") as person:
        screen = await person.new_deal()
        stamps = [Stamp(AT + timedelta(hours=number), "Ann") for number in range(5)]
        screen.change(lambda deal: identity.edit(deal, stamps[0], amount=Decimal(5), owner="Bob"))
        screen.change(lambda deal: contacts.add(deal, stamps[1], name="Lena", title="CTO"))
        screen.change(lambda deal: contacts.edit(deal, stamps[1].id, stamps[2], title="CEO"))
        screen.change(lambda deal: actions.add(deal, stamps[3], "Call Lena", owner="Bob"))
        screen.change(lambda deal: actions.edit(deal, stamps[3].id, stamps[4], owner="Ann"))
        told = (
            "Deal changed: owner nothing → Bob; amount nothing → 5",
            "Contact Lena changed: title CTO → CEO",
            "Action “Call Lena” changed: owner Bob → Ann",
        )
        await person.press("t")
        assert all(line in person.text for line in told)
    history = run("history", screen.deal.id, "--lang", "en").out
    assert all(line in history for line in told)
    events = run("history", screen.deal.id, "--json").data["events"]
    (edited,) = [one for one in events if one["what"] == "contact-edited"]
    assert edited["changes"] == [{"field": "title", "before": "CTO", "after": "CEO"}]


def test_events_of_earlier_programs_are_understood() -> None:
    old = Event(
        what="edited", about={"fields": "kind", "before": "simple", "after": "complex"}, at=AT
    )
    assert changes(old) == [("kind", "simple", "complex")]
    assert not changes(Event(what="edited", about={"fields": "owner amount"}, at=AT))
    assert not changes(Event(what="won", at=AT))


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_a_note_on_a_person_is_made_among_the_contacts_and_names_them(
    size: tuple[int, int], run: Run
) -> None:
    async with running("en", size) as person:
        screen = await person.new_deal()
        stamps = [person.app.workspace.stamp() for _ in range(2)]
        screen.change(
            lambda deal: contacts.add(deal, stamps[0], name="Lena Ortiz", phone="555 0100")
        )
        screen.change(
            lambda deal: notes.add(
                deal, Stamp(AT, "Ann", id=stamps[1].id), "Likes rowing", contact=stamps[0].id
            )
        )
        await person.press("p", "n")
        assert "About Lena Ortiz" in person.text
        await person.press("=Back from holiday", "ctrl+g")
        (_, note), _ = notes.newest_first(screen.deal, stamps[0].id)
        assert note.text == "Back from holiday"
        lines = person.text.splitlines()
        places = [
            next(at for at, line in enumerate(lines) if text in line)
            for text in (
                local_time(note.at),
                "Back from holiday",
                local_time(AT),
                "Likes rowing",
                "555 0100",
            )
        ]
        assert places == sorted(places)
        await person.press("t")
        assert "Lena Ortiz: Back from holiday" in person.text
    assert "Note on Lena Ortiz: Back from holiday" in run("history", screen.deal.id).out
    shown = run("show", screen.deal.id).out.splitlines()
    heads = [
        shown[shown.index(f"    {text}") - 1] for text in ("Back from holiday", "Likes rowing")
    ]
    assert all(head.endswith("Lena Ortiz") for head in heads)
