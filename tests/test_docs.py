"""The read-me tells about every command."""

from __future__ import annotations

from pathlib import Path

import pytest

from salescoach.cli.registry import MODULES

README = Path(__file__).parents[1] / "README.md"


@pytest.mark.parametrize("command", MODULES)
def test_the_readme_tells_about_every_command(command: str) -> None:
    assert f"salescoach {command}" in README.read_text("utf-8")
