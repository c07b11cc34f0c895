"""The sample deals that are packaged: whole, in the packaged playbook's words, and with something of everything."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from salescoach import samples
from salescoach.coach.progress import current_stage
from salescoach.deal.models import Deal
from salescoach.playbook.load import load, packaged
from salescoach.playbook.lookup import stage_number
from salescoach.playbook.models import Playbook
from salescoach.store.document import decode, encode
from salescoach.workspace import open_workspace

FILES = samples.sample_files()
each = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem[:8])


@cache
def playbook() -> Playbook:
    return load(packaged())


def read(file: Path) -> Deal:
    return decode(file.read_bytes(), file, file.stem)


def deals() -> list[Deal]:
    return [read(file) for file in FILES]


def test_there_are_six() -> None:
    assert len(FILES) == 6
    assert samples.anchor() == date(2026, 11, 23)


@each
def test_a_sample_roundtrips_byte_for_byte(file: Path) -> None:
    assert encode(read(file), file)[0] == file.read_bytes()


@each
def test_every_key_is_in_the_packaged_playbook(file: Path) -> None:
    deal, tools = read(file), playbook().tools
    assert (deal.playbook.id, deal.playbook.version) == (playbook().id, playbook().version)
    used = set(deal.items)
    used |= {one.item for one in deal.actions.values() if one.item}
    used |= {one.item for one in deal.notes.values() if one.item}
    assert used <= set(playbook().places)
    assert set(deal.stages) <= {stage.key for stage in playbook().stages}
    assert set(deal.answers) <= {one.key for one in tools.opportunity.questions}
    phases = {one.phase for one in deal.phases.values()} | {deal.buying_phase}
    assert phases <= {phase.key for phase in tools.phases.phases}
    for contact in deal.contacts.values():
        assert contact.level in {one.key for one in tools.organisation.levels}
        assert contact.function in {one.key for one in tools.organisation.functions}
        assert set(contact.roles) <= {one.key for one in tools.organisation.roles}
        assert contact.rung in {None, *(one.key for one in tools.relationship.rungs)}
        styles = {one.style for one in contact.styles.values()}
        assert styles <= {one.key for one in tools.styles.styles}
        assert contact.email.endswith("@example.com")


def test_there_is_one_in_each_stage() -> None:
    here = [current_stage(playbook(), deal) for deal in deals()]
    numbers = sorted(stage_number(playbook(), stage.key) for stage in here if stage)
    assert numbers == [1, 2, 3, 4, 5, 6]


def test_nothing_happened_on_the_anchor_or_after() -> None:
    for deal in deals():
        moments = [event.at for event in deal.timeline.values()]
        assert moments == sorted(moments)
        assert moments[-1].date() < samples.anchor()


def test_they_show_what_there_is_to_show() -> None:
    found = deals()
    actions = [action for deal in found for action in deal.actions.values()]
    waiting = [one.due for one in actions if one.due and not one.done_at]
    records = [record for deal in found for record in deal.stages.values()]
    assert any(contact.guide for deal in found for contact in deal.contacts.values())
    assert any(record.entry.override or record.exit.override for record in records)
    assert any(due < samples.anchor() for due in waiting)
    assert samples.anchor() in waiting
    assert any(deal.kind == "simple" for deal in found)
    states = {item.state for deal in found for item in deal.items.values()}
    assert states == {"claimed", "evidenced", "confirmed", "not_applicable"}


def test_installing_moves_every_day() -> None:
    by = timedelta(days=100)
    workspace = open_workspace()
    made = samples.install(workspace, samples.anchor() + by)
    assert made == [file.stem for file in FILES]
    for deal in deals():
        fresh = workspace.read(deal.id)
        assert fresh.created_at == deal.created_at + by
        assert [one.due for one in fresh.actions.values()] == [
            one.due and one.due + by for one in deal.actions.values()
        ]


def test_installing_again_touches_none_of_the_first_copies() -> None:
    workspace = open_workspace()
    first = samples.install(workspace, samples.anchor())
    before = [workspace.read(key) for key in first]
    again = samples.install(workspace, samples.anchor() + timedelta(days=1))
    assert not set(first) & set(again)
    assert [workspace.read(key) for key in first] == before
