"""The set-up of a fresh clone takes exactly what the lock files list, whatever has been released since."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("script", ["Makefile", ".ci/run"])
def test_locked_packages_are_installed_as_listed_and_nothing_else(script: str) -> None:
    installs = [
        line
        for line in (ROOT / script).read_text(encoding="utf-8").splitlines()
        if "-r locks/" in line
    ]
    assert installs
    for line in installs:
        assert "--require-hashes" in line, line
        assert "--no-deps" in line, line


@pytest.mark.parametrize("lock", ["run.txt", "dev.txt"])
def test_every_locked_package_has_one_version_and_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / "locks" / lock).read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+==\S+ ", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
