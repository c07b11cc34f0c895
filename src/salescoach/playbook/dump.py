"""Writes a playbook or a part of it as plain data for JSON, with the numbers that people know stages and moves by."""

from __future__ import annotations

from typing import Any

from salescoach.playbook.lookup import stage_number
from salescoach.playbook.models import Playbook, Stage

Data = dict[str, Any]


def playbook_data(playbook: Playbook) -> Data:
    """Return the whole edition as data that `json.dumps` takes; stages, moves and items carry their `number`."""
    data = playbook.model_dump(mode="json")
    data["stages"] = [stage_data(playbook, stage) for stage in playbook.stages]
    return data


def stage_data(playbook: Playbook, stage: Stage) -> Data:
    """Return one stage of the edition as data: `number` is "3" on the stage, "3.2" on a move, "3.2.1" on an item."""
    number = str(stage_number(playbook, stage.key))
    data = {"number": number} | stage.model_dump(mode="json")
    data["moves"] = [_numbered(move, f"{number}.{m}") for m, move in enumerate(data["moves"], 1)]
    for move in data["moves"]:
        move["items"] = [
            _numbered(item, f"{move['number']}.{i}") for i, item in enumerate(move["items"], 1)
        ]
    return data


def _numbered(part: Data, number: str) -> Data:
    return {"number": number} | part
