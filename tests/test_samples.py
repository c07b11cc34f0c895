"""The sample deals: moved to today, saved like any other deal, never in the way of one that is there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from salescoach import samples
from salescoach.deal.models import Deal
from salescoach.store.files.fragments import write
from salescoach.words import LANGS
from salescoach.workspace import Workspace, open_workspace

ANCHOR = date(2026, 3, 2)
ID = "6f1f0d0e-54b0-4d6c-9a44-0f3a8d3c2b11"
CUSTOMER = "0b6f3a51-3b0c-5a55-9f63-5a7f5d0a1c11"
SAMPLE: dict[str, Any] = {
    "schema": 2,
    "rev": 7,
    "id": ID,
    "playbook": {"id": "cuilong-6", "version": "1.0.0"},
    "name": "2026-03-02 is no day here: a name",
    "customer_id": CUSTOMER,
    "customer": "华鼎数据",
    "close_on": "2026-04-01",
    "created_at": "2026-02-27T09:30:00+08:00",
    "stages": {"customer-analysis": {"opened": "2026-02-27T09:30:00+08:00"}},
    "actions": {ID: {"text": "call", "due": "2026-03-02", "at": "2026-02-28T17:00:00Z"}},
}

PACKAGED = [file for lang in LANGS for file in samples.sample_files(lang)]
CUSTOMERS = {
    "启明医院",
    "华鼎数据",
    "蓝海物流",
    "甲木测绘",
    "乙禾食品",
    "乙川仪表",
    "Brackenfold Foods",
    "Hallmoor Data",
    "Northwind Instruments",
    "Quillhaven Surveying",
    "St Orrin's Hospital",
    "Tallow Quay Logistics",
}
"""Every customer of the samples; all of them are invented."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put one sample of our own in the place of the packaged ones."""
    (tmp_path / "anchor.txt").write_text(f"{ANCHOR.isoformat()}\n", "utf-8")
    (tmp_path / "en" / "customers").mkdir(parents=True)
    customer = {"id": CUSTOMER, "name": "华鼎数据", "created_at": "2026-02-27T09:30:00+08:00"}
    place = tmp_path / "en" / "customers" / f"{CUSTOMER}.json"
    place.write_text(json.dumps(customer, ensure_ascii=False), "utf-8")
    (tmp_path / "en" / "1-first.json").write_text(json.dumps(SAMPLE, ensure_ascii=False), "utf-8")
    monkeypatch.setattr(samples, "folder", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def workspace() -> Workspace:
    return open_workspace(lang="en")


def test_every_day_and_instant_moves_by_the_same_days(folder: Path, workspace: Workspace) -> None:
    (made,) = samples.install(workspace, ANCHOR + timedelta(days=100))
    deal = workspace.read(made)
    assert made == ID
    assert deal.close_on == date(2026, 4, 1) + timedelta(days=100)
    assert deal.actions[ID].due == ANCHOR + timedelta(days=100)
    assert deal.created_at.date() == date(2026, 2, 27) + timedelta(days=100)
    assert deal.created_at.hour == 9
    assert deal.name == SAMPLE["name"]
    assert deal.rev == 1
    customer = workspace.read_customer(CUSTOMER)
    assert customer.created_at == deal.created_at
    assert deal.customer_record == customer


def test_a_deal_that_is_there_is_left_alone(folder: Path, workspace: Workspace) -> None:
    samples.install(workspace, ANCHOR)
    workspace.edit(ID, lambda deal: deal.model_copy(update={"owner": "me"}))
    assert samples.install(workspace, ANCHOR) == []
    assert workspace.read(ID).owner == "me"
    assert len(workspace.cards()) == 1


def test_the_packaged_samples_show_every_stage_fresh(workspace: Workspace) -> None:
    """One sample per stage; none of them has a retired item or an id of another."""
    from salescoach.coach.progress import current_stage, retired

    today = workspace.today()
    made = samples.install(workspace, today)
    deals = [workspace.read(key) for key in made]
    playbook = workspace.playbook
    stages = [stage.key for deal in deals if (stage := current_stage(playbook, deal))]
    assert sorted(set(stages)) == sorted(stage.key for stage in playbook.stages)
    assert len(made) == len(set(made)) == 6
    assert not any(retired(playbook, deal) for deal in deals)
    latest = max(event.at for deal in deals for event in deal.timeline.values())
    assert today - timedelta(days=7) <= latest.date() <= today + timedelta(days=1)


def packaged_deals() -> list[Deal]:
    return [samples.read(file) for file in PACKAGED]


def strings(raw: Any, key: str = "") -> Iterator[tuple[str, str]]:  # any JSON
    """Yield every text in JSON data with the name of its field."""
    if isinstance(raw, dict):
        for name, value in raw.items():
            yield from strings(value, name)
    elif isinstance(raw, str):
        yield key, raw


@pytest.mark.parametrize("file", PACKAGED, ids=lambda file: file.stem[:8])
def test_a_packaged_sample_is_written_as_the_models_write_it(file: Path) -> None:
    deal = samples.read(file)
    customer = deal.customer_record
    assert customer is not None
    place = file.with_name("customers") / f"{customer.id}.json"
    for document, path in ((deal.beside(None), file), (customer, place)):
        text = write(document, {})[0].decode()
        assert text.replace('  "save": "",\n', "") == path.read_text("utf-8")
        assert (document.id, document.schema_) == (path.stem, document.SCHEMA)
        assert 0 < document.rev <= len(document.timeline)


@pytest.mark.parametrize("file", PACKAGED, ids=lambda file: file.stem[:8])
def test_a_packaged_sample_lies_before_the_anchor_and_moves_whole(file: Path) -> None:
    """Only what is still to come is later, and no day hides in a text, where installing would not move it."""
    for key, text in strings(json.loads(file.read_text("utf-8"))):
        if re.fullmatch(r"\d{4}-\d\d-\d\d(T.*)?", text):
            day = datetime.fromisoformat(text).date()
            assert day < samples.anchor() or key in {"due", "close_on", "before"}, (key, text)
        else:
            assert not re.search(r"\b20\d\d\b|\d ?[月日]|(周|星期)[一二三四五六日]", text), (
                key,
                text,
            )


def test_the_packaged_samples_are_about_nobody() -> None:
    deals = packaged_deals()
    assert {deal.customer for deal in deals} == CUSTOMERS
    for contact in (one for deal in deals for one in deal.contacts.values()):
        assert re.fullmatch(r"(000-5550|\+1 212-555)-01\d\d", contact.phone)
        assert contact.email.endswith("@example.com")


@pytest.mark.parametrize("file", PACKAGED, ids=lambda file: file.stem[:8])
def test_a_packaged_sample_has_enough_to_talk_about(file: Path) -> None:
    deal = samples.read(file)
    assert 3 <= len(deal.contacts) <= 7
    assert 2 <= len(deal.actions) <= 5
    assert 3 <= len(deal.notes) <= 8
    assert any(one.done_at for one in deal.actions.values())
    assert any(one.guide for one in deal.contacts.values())
    assert all(one.reports_to in {None, *deal.contacts} for one in deal.contacts.values())
    assert list(deal.phases.values())[-1].phase == deal.buying_phase
    states = [one.state for one in deal.items.values()]
    backed = sum(state in {"evidenced", "confirmed"} for state in states)
    assert 0 < states.count("claimed") < backed
    assert all(one.reason for one in deal.items.values() if one.state == "not_applicable")
    challenged = [one for one in deal.items.values() if one.challenge]
    assert [one.state for one in challenged] == ["claimed"]
    coached = {event.what for event in deal.timeline.values() if event.role == "coach"}
    assert coached == {"confirmed", "challenged", "noted"}


def test_the_packaged_samples_give_a_day_its_work() -> None:
    deals = packaged_deals()
    waiting = [[one.due for one in deal.actions.values() if not one.done_at] for deal in deals]
    assert sum(any(due and due < samples.anchor() for due in dues) for dues in waiting) >= 2
    assert sum(samples.anchor() in dues for dues in waiting) >= 2
    assert {deal.kind for deal in deals} == {"simple", "complex"}
    assert {deal.currency for deal in deals} == {"CNY", "USD"}
    markers = [
        marker
        for deal in deals
        for record in deal.stages.values()
        for marker in (record.entry, record.exit)
    ]
    passed = [marker for marker in markers if marker.override]
    assert passed
    assert all(marker.override_missing and marker.override_at for marker in passed)
