"""Reading, finding and copying an edition's folder, whatever is in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from salescoach.playbook import load as module
from salescoach.playbook.errors import CopyRefused, PlaybookInvalid
from salescoach.playbook.load import copy_edition, find, load, packaged, read_folder
from salescoach.playbook.models import Playbook
from salescoach.words import Words

from .editions import FIRST, SECOND, Edition


def problems(folder: Path) -> list[str]:
    with pytest.raises(PlaybookInvalid) as caught:
        load(folder)
    return [str(problem) for problem in caught.value.errors]


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_an_edition_is_read_from_its_folder(edition: Edition, tmp_path: Path) -> None:
    assert load(edition.write(tmp_path / "mine")) == edition.parse()


def test_the_packaged_edition_is_found(cuilong: Playbook) -> None:
    assert (packaged() / "playbook.toml").is_file()
    assert cuilong.id == "cuilong-6"


def test_in_a_wheel_the_packaged_edition_is_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "salescoach" / "_data" / "playbook"
    inside.mkdir(parents=True)
    monkeypatch.setattr(module, "__file__", str(tmp_path / "salescoach" / "playbook" / "load.py"))
    assert packaged() == inside


def test_the_explicit_folder_wins_then_the_users_then_the_packaged(
    edition: Edition, tmp_path: Path
) -> None:
    user = tmp_path / "user"
    assert find(None, user) == packaged()
    user.mkdir()
    (user / ".keep").touch()
    assert find(None, user) == packaged()
    edition.write(user)
    assert find(None, user) == user
    (user / "playbook.toml").unlink()
    assert find(None, user) == user, "a broken playbook is told, not passed over"
    assert find(tmp_path / "elsewhere", user) == tmp_path / "elsewhere"


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    assert problems(tmp_path / "none") == [
        (
            ".: the folder cannot be opened: No such file or directory; check the path, or make a copy with: "
            "salescoach playbook copy"
        )
    ]
    (tmp_path / "file").touch()
    assert problems(tmp_path / "file")[0].startswith(
        ".: the folder cannot be opened: Not a directory"
    )


def test_what_editors_and_people_leave_beside_the_files_does_no_harm(
    edition: Edition, tmp_path: Path
) -> None:
    edition.write(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "stages" / "__pycache__").mkdir()
    for name in (
        ".keep",
        "README.md",
        "licence.txt",
        "playbook.toml~",
        "stages/#1-opening.toml#",
        "tools/talk.toml.bak",
    ):
        (tmp_path / name).write_bytes(b"\xff")
    assert load(tmp_path).id == "tiny"


def test_an_extra_file_or_folder_is_told_and_not_read(edition: Edition, tmp_path: Path) -> None:
    edition.write(tmp_path)
    (tmp_path / "drills").mkdir()
    (tmp_path / "tools" / "more").mkdir()
    (tmp_path / "stages.toml").write_bytes(b"\xff" * 10)
    assert [line.split(": ")[0] for line in problems(tmp_path)] == [
        "drills",
        "stages.toml",
        "tools/more",
    ]


def test_a_link_may_not_lead_out_of_the_folder(edition: Edition, tmp_path: Path) -> None:
    folder = edition.write(tmp_path / "mine")
    secret = tmp_path / "secret.toml"
    (folder / "tools" / "talk.toml").rename(secret)
    (folder / "tools" / "talk.toml").symlink_to(secret)
    assert problems(folder) == [
        "tools/talk.toml: a symbolic link that leads out of the folder; put the file itself in its place"
    ]


def test_a_folder_of_stages_may_not_lie_elsewhere(edition: Edition, tmp_path: Path) -> None:
    folder = edition.write(tmp_path / "mine")
    (folder / "stages").rename(tmp_path / "stages")
    (folder / "stages").symlink_to(tmp_path / "stages")
    assert [line.split(": ")[1].partition(";")[0] for line in problems(folder)] == [
        "a symbolic link that leads out of the folder"
    ] * 2


def test_a_link_inside_the_folder_and_a_link_to_the_folder_are_fine(
    edition: Edition, tmp_path: Path
) -> None:
    folder = edition.write(tmp_path / "mine")
    (folder / "tools" / "talk.toml").rename(folder / ".talk")
    (folder / "tools" / "talk.toml").symlink_to(folder / ".talk")
    (tmp_path / "link").symlink_to(folder)
    assert load(tmp_path / "link").id == "tiny"


def test_loops_pipes_and_folders_in_place_of_files_are_told(
    edition: Edition, tmp_path: Path
) -> None:
    folder = edition.write(tmp_path)
    for name in ("talk", "needs", "facts", "service"):
        (folder / "tools" / f"{name}.toml").unlink()
    (folder / "tools" / "talk.toml").symlink_to("talk.toml")
    (folder / "tools" / "needs.toml").symlink_to("gone.toml")
    (folder / "tools" / "facts.toml").mkdir()
    os.mkfifo(folder / "tools" / "service.toml")
    found = {line.split(": ")[0]: line.split(": ", 1)[1] for line in problems(folder)}
    assert found["tools/talk.toml"].startswith(
        "it cannot be read: Too many levels of symbolic links"
    )
    assert found["tools/needs.toml"].startswith("it cannot be read: No such file")
    assert found["tools/facts.toml"].startswith("this is not a regular file")
    assert found["tools/service.toml"].startswith("this is not a regular file")
    assert len(found) == 4


def test_a_huge_folder_is_not_read_to_its_end(
    edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = edition.write(tmp_path)
    for number in range(80):
        (folder / "tools" / f"x{number}.toml").touch()
    assert ".: there are more than 64 files" in "\n".join(problems(folder))
    monkeypatch.setattr(module, "_LISTING_LIMIT", 10)
    assert len(read_folder(folder)[0]) <= 30


def test_all_files_together_have_a_limit(edition: Edition, tmp_path: Path) -> None:
    folder = edition.write(tmp_path)
    for name in list(edition.trees)[:9]:
        (folder / name).write_bytes(b"#" * 256 * 1024)
    assert problems(folder) == [
        ".: all files together are larger than 2048 KB; shorten some or move them away"
    ]


def test_a_company_gets_its_own_copy_to_edit(edition: Edition, tmp_path: Path) -> None:
    source = edition.write(tmp_path / "mine")
    (source / ".git").mkdir()
    target = tmp_path / "a" / "b" / "copy"
    copy_edition(source, target)
    assert tree(target) == tree(source)
    assert load(target) == load(source)
    assert [path.name for path in target.parent.iterdir()] == ["copy"]


def test_a_copy_goes_into_an_empty_folder_but_not_over_anything(
    edition: Edition, tmp_path: Path
) -> None:
    source = edition.write(tmp_path / "mine")
    target = tmp_path / "copy"
    target.mkdir()
    copy_edition(source, target)
    before = tree(target)
    with pytest.raises(CopyRefused, match="not empty: nothing was copied"):
        copy_edition(source, target)
    assert tree(target) == before
    with pytest.raises(CopyRefused, match="not a folder"):
        copy_edition(source, target / "playbook.toml")
    with pytest.raises(CopyRefused, match="inside the playbook"):
        copy_edition(source, source / "stages" / "copy")
    assert load(source).id == "tiny"


def test_a_copy_that_fails_leaves_nothing(
    edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = edition.write(tmp_path / "mine")
    write = module.write_private
    written: list[Path] = []

    def fail_at_the_tenth(path: Path, data: bytes) -> None:
        written.append(path)
        if len(written) == 10:
            raise OSError(28, "No space left on device")
        write(path, data)

    monkeypatch.setattr(module, "write_private", fail_at_the_tenth)
    with pytest.raises(CopyRefused) as caught:
        copy_edition(source, tmp_path / "new" / "copy")
    assert str(caught.value) == f"could not copy to {tmp_path}/new/copy: No space left on device"
    assert "没有复制到" in caught.value.tell(Words("zh"))
    assert list((tmp_path / "new").iterdir()) == []


def test_an_edition_that_cannot_be_read_is_not_copied(edition: Edition, tmp_path: Path) -> None:
    source = edition.write(tmp_path / "mine")
    (source / FIRST).unlink()
    (source / FIRST).symlink_to("/dev/zero")
    with pytest.raises(PlaybookInvalid):
        copy_edition(source, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_an_edited_copy_is_what_is_loaded(edition: Edition, tmp_path: Path) -> None:
    copy_edition(edition.write(tmp_path / "mine"), tmp_path / "copy")
    file = tmp_path / "copy" / SECOND
    file.write_text(file.read_text("utf-8").replace('"won"', '"signed"'), "utf-8")
    assert "signed" in load(tmp_path / "copy").places
