"""A copied playbook and the parsed one are their owner's only, whatever the umask."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from salescoach.playbook.cache import load_cached
from salescoach.playbook.load import copy_edition, load, packaged


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277, 0o777])
def test_what_is_copied_and_cached_is_the_owners_only(tmp_path: Path, umask: int) -> None:
    """Folders 0700, files 0600, and the copy can be loaded."""
    top = tmp_path / "a" / "b"
    before = os.umask(umask)
    try:
        copy_edition(packaged(), top / "copy")
        load_cached(packaged(), top / "cache")
    finally:
        os.umask(before)
    assert load(top / "copy").id
    modes = {
        path: path.stat().st_mode & 0o777 for path in (tmp_path / "a", *(tmp_path / "a").rglob("*"))
    }
    assert len(modes) > 8
    assert {
        path: oct(mode)
        for path, mode in modes.items()
        if mode != (0o700 if path.is_dir() else 0o600)
    } == {}
