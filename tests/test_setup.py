"""The set-up takes exactly what the lock files list, and nothing of the folder that it is in is run."""

import re
import shutil
import subprocess
import sys
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


FOLDERS = ["a$(touch X)b", 'it\'s "quoted" `touch X`; touch X #', "客户 %d $HOME"]


@pytest.mark.skipif(shutil.which("make") is None, reason="no make")
@pytest.mark.parametrize("name", FOLDERS)
def test_the_name_of_the_folder_is_never_run(name: str, tmp_path: Path) -> None:
    folder = tmp_path / name
    shutil.copytree(ROOT / "locks", folder / "locks")
    for file in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / file, folder)
    program = folder / "src" / "salescoach"
    program.mkdir(parents=True)
    (program / "__init__.py").touch()
    (program / "__main__.py").write_text('import sys\nprint("run with", sys.argv[1:])\n')
    done = subprocess.run(
        ["make", "-s", "run", "PIP=true", f"PYTHON={sys.executable}", "ARGS=list"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "run with ['list']" in done.stdout, done.stderr
    assert done.returncode == 0
    assert not list(tmp_path.rglob("X"))


def test_no_script_that_names_the_folder_is_run_by_a_shell() -> None:
    lines = (ROOT / "Makefile").read_text("utf-8").splitlines()
    recipes = [line for line in lines if line.startswith("\t")]
    assert not [line for line in recipes if "$(CURDIR)" in line]
    assert not [line for line in recipes if re.search(r"\$\(BIN\)/(?!python\b)", line)]


@pytest.mark.parametrize("module", ["json", "argparse", "sqlite3"])
def test_a_module_of_the_current_folder_is_not_run(module: str, tmp_path: Path) -> None:
    (tmp_path / f"{module}.py").write_text("open('ran', 'w').close()\n")
    for command in ("new X -c Y", "list --json"):
        done = subprocess.run(
            [sys.executable, "-m", "salescoach", *command.split()],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert not (tmp_path / "ran").exists()
