"""Fixtures of the playbook's tests."""

from __future__ import annotations

import pytest

from salescoach.playbook.load import load, packaged
from salescoach.playbook.models import Playbook

from .editions import Edition


@pytest.fixture
def edition() -> Edition:
    return Edition()


@pytest.fixture(scope="session")
def cuilong() -> Playbook:
    """The packaged edition."""
    return load(packaged())
