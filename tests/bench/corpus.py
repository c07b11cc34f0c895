"""Homes full of deals to measure on."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID, uuid5

from salescoach.paths import under
from salescoach.samples import sample_files
from salescoach.settings import Settings
from salescoach.workspace import Workspace

_SPACE = UUID("1b7c52a0-54a8-4c0e-8a2e-4fd0b3a5f0c2")


def fill(home: Path, count: int) -> Workspace:
    """Put `count` deals, copies of the samples under other ids and names, into `home` and index them."""
    workspace = Workspace(under(home), Settings(lang="en"))
    workspace.paths.deals.mkdir(parents=True, mode=0o700)
    samples = [json.loads(path.read_text("utf-8")) for path in sample_files()]
    small = min(samples, key=lambda deal: len(json.dumps(deal)))
    for number in range(count):
        deal = dict(small if number >= len(samples) else samples[number])
        deal["id"] = str(uuid5(_SPACE, str(number)))
        deal["name"] = f"{deal['name']} {number}"
        path = workspace.paths.deals / f"{deal['id']}.json"
        path.write_text(json.dumps(deal, ensure_ascii=False, indent=2) + "\n", "utf-8")
    workspace.refresh()
    return workspace
