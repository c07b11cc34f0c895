"""A playbook of one's own that lost something: told with the deals it touches, which keep what they have."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from salescoach.playbook.load import packaged

from .conftest import Run


@pytest.fixture
def deal(run: Run) -> str:
    key = run("new", "CRM 升级", "-c", "华鼎数据").out.strip()
    run("new", "Untouched", "-c", "Acme")
    run("check", key, "6.1.1")
    run("evidence", key, "6.entry", "--who", "王", "--note", "合同签字盖章了", "--on", "2026-01-02")
    return key


@pytest.fixture
def own(home: Path, deal: str) -> Path:
    folder = home / "playbook"
    shutil.copytree(packaged(), folder)
    return folder


def test_a_whole_stage_that_is_gone_is_told_with_its_deals_and_kept(
    run: Run, own: Path, deal: str
) -> None:
    (own / "stages" / "6-follow-up.toml").unlink()
    five = own / "stages" / "5-winning-commitment.toml"
    five.write_text(re.sub(r"(?m)^beside = .*$", "", five.read_text("utf-8")), "utf-8")
    checked = run("playbook", "validate")
    assert "look: a whole stage is gone: 6" in checked.out
    assert "Deals with it: 1: 华鼎数据 / CRM 升级" in checked.out
    assert "Untouched" not in checked.out
    found = [one["text"] for one in json.loads(run("doctor", "--json").out)["findings"]]
    assert any("a whole stage is gone" in text for text in found)
    shown = run("show", deal).out
    assert "retired stage: follow-up" in shown
    data = json.loads(run("show", deal, "--json").out)
    assert data["retired_stages"] == ["follow-up"]
    assert len(data["retired"]) == 1
    # The state is there as it was once the stage is back.
    shutil.rmtree(own)
    back = run("show", deal, "--stage", "6").out
    assert "retired" not in back
    assert "合同签字盖章了" in back


def test_an_edition_like_the_packaged_one_has_nothing_to_look_at(run: Run, own: Path) -> None:
    assert run("playbook", "validate").out == ""
