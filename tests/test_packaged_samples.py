"""The sample deals that are packaged: whole, in the packaged playbook's words, and with something of everything."""

from __future__ import annotations

import json
import re
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
from salescoach.store.files.codec import decode, encode
from salescoach.words import LANGS, Lang
from salescoach.workspace import open_workspace

FILES = {lang: samples.sample_files(lang) for lang in LANGS}
BOTH = [file for files in FILES.values() for file in files]
each = pytest.mark.parametrize("file", BOTH, ids=lambda file: file.stem[:8])
each_language = pytest.mark.parametrize("lang", LANGS)

CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


@cache
def playbook() -> Playbook:
    return load(packaged())


def read(file: Path) -> Deal:
    return samples.read(file)


def deals(lang: Lang) -> list[Deal]:
    return [read(file) for file in FILES[lang]]


def shape(raw: object) -> object:
    """Return JSON data without its texts: the maps' sizes, in order, with what they hold."""
    if isinstance(raw, dict):
        return [shape(value) for value in raw.values()]
    return [shape(value) for value in raw] if isinstance(raw, list) else type(raw)


def test_there_are_six_in_each_language_with_ids_of_their_own() -> None:
    assert [len(files) for files in FILES.values()] == [6, 6]
    assert len({file.stem for file in BOTH}) == 12
    assert samples.anchor() == date(2026, 11, 23)


def test_both_languages_tell_the_same_stories() -> None:
    told = {
        lang: sorted(repr(shape(json.loads(file.read_bytes()))) for file in files)
        for lang, files in FILES.items()
    }
    assert told["zh"] == told["en"]


def test_the_english_samples_have_not_a_word_of_chinese_and_the_chinese_ones_are_chinese() -> None:
    for file in FILES["en"]:
        assert not CHINESE.search(file.read_text("utf-8")), file.stem
    for deal in deals("zh"):
        texts = [note.text for note in deal.notes.values()]
        texts += [contact.name for contact in deal.contacts.values()]
        texts += [action.text for action in deal.actions.values()]
        assert all(CHINESE.search(text) for text in (deal.customer, deal.name, deal.owner, *texts))


@each
def test_a_sample_roundtrips_byte_for_byte(file: Path) -> None:
    """But for the id of a save, which a sample gets when it is put into a home."""
    was = file.read_bytes()
    now = encode(decode(was, file, file.stem, Deal), file)[0]
    assert re.sub(rb'  "save": "[0-9a-f]{32}",\n', b"", now) == was


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


@each_language
def test_there_is_one_in_each_stage(lang: Lang) -> None:
    here = [current_stage(playbook(), deal) for deal in deals(lang)]
    numbers = sorted(stage_number(playbook(), stage.key) for stage in here if stage)
    assert numbers == [1, 2, 3, 4, 5, 6]


def test_nothing_happened_on_the_anchor_or_after() -> None:
    for deal in map(read, BOTH):
        moments = [event.at for event in deal.timeline.values()]
        assert moments == sorted(moments)
        assert moments[-1].date() < samples.anchor()


@each_language
def test_they_show_what_there_is_to_show(lang: Lang) -> None:
    found = deals(lang)
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


@each_language
def test_installing_moves_every_day(lang: Lang) -> None:
    by = timedelta(days=100)
    workspace = open_workspace(lang=lang)
    made = samples.install(workspace, samples.anchor() + by)
    assert made == [file.stem for file in FILES[lang]]
    for deal in deals(lang):
        fresh = workspace.read(deal.id)
        assert fresh.created_at == deal.created_at + by
        assert [one.due for one in fresh.actions.values()] == [
            one.due and one.due + by for one in deal.actions.values()
        ]


def test_installing_again_changes_nothing_and_another_language_comes_beside() -> None:
    workspace = open_workspace(lang="zh")
    first = samples.install(workspace, samples.anchor())
    before = [workspace.read(key) for key in first]
    assert samples.install(workspace, samples.anchor() + timedelta(days=1)) == []
    assert len(workspace.cards()) == 6
    workspace.use_language("en")
    english = samples.install(workspace, samples.anchor())
    assert len(workspace.cards()) == 12
    assert english == [file.stem for file in FILES["en"]]
    assert [workspace.read(key) for key in first] == before
