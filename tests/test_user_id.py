"""The user's id: made once, kept for ever, and who somebody is whatever he is called."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescoach.coach import review
from salescoach.customer import people
from salescoach.customer.models import Customer
from salescoach.deal import actions, contacts, identity, items
from salescoach.deal.models import Deal
from salescoach.document.authors import Author, author, is_among
from salescoach.document.stamp import Stamp
from salescoach.paths import under
from salescoach.settings import SettingRefused, load_settings, set_setting, template
from salescoach.settings.reading import parse, plain
from salescoach.settings.user import keep_user_id
from salescoach.store.errors import NotOwn
from salescoach.store.files.locks import locked
from salescoach.words import LANGS, Lang, Words
from salescoach.workspace import Workspace, open_workspace
from tests.build import NOW, climb, make_deal, small_playbook, stamp, uid, with_contact
from tests.cli.conftest import Run, run, user_id

__all__ = ["run"]

ENGLISH = Words("en")
ANNA, BO = uid("Anna"), uid("Bo")
NAME = "王芳"


def kept(home: Path) -> str:
    """Return the id that the settings below `home` have."""
    return load_settings(under(home).config_file, {})[0].user_id


def somebody(home: Path, me: str = NAME) -> Workspace:
    """Return the workspace of a start of the program by whoever has the home and is called so."""
    set_setting(under(home).config_file, "me", me)
    return open_workspace(environ={"SALESCOACH_HOME": str(home)})


def copied(home: Path, other: Path) -> Path:
    """Return another home with the same deals and their history, and settings of its own."""
    for name in ("deals", "state"):
        shutil.copytree(home / name, other / name)
    return other


# Made and kept


def test_the_first_change_makes_the_id_and_looking_makes_none(run: Run, home: Path) -> None:
    run("list")
    run("config", "show")
    run("next")
    run("doctor", code=None)
    assert not (home / "config.toml").exists()
    deal = run("new", "CRM", "-c", "Acme").out.strip()
    made = user_id(run)
    assert len(made) == 36
    run("check", deal, "1.1.1")
    run("config", "set", "me", "Anna")
    run("config", "set", "role", "coach")
    run("note", deal, "under another name")
    assert user_id(run) == made
    events = run("history", deal, "--json").data["events"]
    assert {event["by_id"] for event in events} == {made}
    assert {event["by"] for event in events} == {"", "Anna"}


def test_settings_of_before_get_an_id_and_keep_everything_else(run: Run, home: Path) -> None:
    home.mkdir(parents=True)
    text = '# mine\nme = "Anna"  # really\n\n[keymap]\n"home.new" = "plus"\n'
    (home / "config.toml").write_text(text, "utf-8")
    run("new", "CRM", "-c", "Acme")
    said = (home / "config.toml").read_text("utf-8")
    assert [line for line in said.splitlines() if "user_id" not in line] == text.splitlines()
    found, warnings = load_settings(home / "config.toml", {})
    assert (found.me, found.user_id, warnings) == ("Anna", kept(home), ())
    assert dict(found.keymap) == {"home.new": "plus"}
    assert found.user_id


_START = """
import sys
from pathlib import Path
from salescoach.workspace import open_workspace
workspace = open_workspace()
sys.stdin.readline()
if sys.argv[1] == "me":
    workspace.remember("me", "Anna")
else:
    workspace.keep_user_id()
    print(workspace.settings.user_id)
"""


def test_programs_that_start_at_once_agree_on_one_id(home: Path) -> None:
    """Also when others change the settings meanwhile, which are read and written as a whole."""
    what = ["id", "me"] * 5
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", _START, each],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for each in what
    ]
    for program in programs:  # all have come as far as they can
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    told = {program.communicate()[0].strip() for program in programs}
    assert all(program.returncode == 0 for program in programs)
    assert told - {""} == {kept(home)}
    assert load_settings(home / "config.toml", {})[0].me == "Anna"


@pytest.mark.parametrize("text", ['user_id = "7"', "user_id = 7", "me = ["])
def test_what_stands_in_its_place_is_left_and_told(run: Run, home: Path, text: str) -> None:
    home.mkdir(parents=True)
    (home / "config.toml").write_text(text + "\n", "utf-8")
    ran = run("new", "CRM", "-c", "Acme")
    assert len(ran.err.splitlines()) == 2  # the warning about the file, and what was done
    assert (home / "config.toml").read_text("utf-8") == text + "\n"
    events = run("history", ran.out.strip(), "--json").data["events"]
    assert [event["by_id"] for event in events] == [""]


def test_settings_that_cannot_be_written_are_no_hindrance(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("salescoach.settings._save", refuse)
    deal = run("new", "CRM", "-c", "Acme")
    ran = run("note", deal.out.strip(), "a note")
    assert len(deal.err.splitlines()) == len(ran.err.splitlines()) == 1
    assert not (home / "config.toml").exists()


def test_somebody_who_holds_the_settings_is_not_waited_for_long(tmp_path: Path) -> None:
    lock = under(tmp_path).settings_lock
    with locked(lock):
        assert keep_user_id(tmp_path / "config.toml", lock, ENGLISH) == ""
    assert keep_user_id(tmp_path / "config.toml", lock, ENGLISH) == kept(tmp_path) != ""


def test_the_id_is_changed_only_to_join_another_machine(run: Run) -> None:
    run("new", "CRM", "-c", "Acme")
    made = user_id(run)
    for wrong in ("", "Anna", made[:-1], "{" + made + "}"):
        told = run("config", "set", "user_id", wrong, code=2).err
        assert "only to make a second machine's user the same person" in told
    assert user_id(run) == made
    assert f"under the id {made} counts as another" in run("config", "set", "user_id", ANNA).err
    assert "counts as another" not in run("config", "set", "user_id", ANNA.upper()).err
    assert user_id(run) == ANNA


def test_settings_of_before_that_are_put_back_leave_the_id(
    run: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    home.mkdir(parents=True)
    (home / "config.toml").write_text('me = "Anna"\n', "utf-8")
    run("backup", "mine.zip")
    run("new", "CRM", "-c", "Acme")
    run("config", "set", "me", "Bo")
    made = user_id(run)
    run("restore", "mine.zip", "--settings")
    assert (load_settings(home / "config.toml", {})[0].me, user_id(run)) == ("Anna", made)


@pytest.mark.parametrize("lang", LANGS)
def test_the_programs_own_file_is_read_without_a_parser(lang: Lang) -> None:
    text = template(Words(lang)).replace('me = ""', 'me = "王芳"')
    assert plain(text) == tomllib.loads(text)


LINES = st.sampled_from(
    (
        *('me = "王 芳" # no', "me='x'", 'me = "a\\tb"', 'me = "a\tb"', "me = 1", "n = 007"),
        *("n = 1_0", "n=10", "n = -1", "# \x07", "#", "", " \t", "[keymap]", "[keymap] # x"),
        *('"a b" = 1', "a.b = 1", "n = 12345678901", 'lang = "zh"', "\ufeff", "x = true"),
        *('me = "\x7f"', 'me = "\x85"', 'me = "\u2028"', "\u00a0", "keymap = 1", 'me = """x"""'),
    )
)


@given(st.lists(LINES, max_size=5), st.sampled_from(("\n", "\r\n", "\r")))
def test_the_quick_reader_reads_as_the_parser_does(lines: list[str], end: str) -> None:
    text = end.join(lines)
    found = plain(text)
    if found is not None:
        assert found == tomllib.loads(text)
    assert (parse(text.encode())[1] is None) == _is_toml(text.removeprefix("\ufeff"))


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def test_a_held_lock_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = under(tmp_path).settings_lock
    monkeypatch.setattr("salescoach.settings.PATIENCE", 0.01)
    with locked(lock), pytest.raises(SettingRefused) as refused:
        set_setting(tmp_path / "config.toml", "me", "Anna", lock=lock)
    assert refused.value.code == "setting-locked"


# Who is who


def test_a_person_who_corrects_his_name_stays_one(home: Path) -> None:
    before = somebody(home, "王方")
    deal = before.create(name="CRM", customer="Acme")
    before.edit(deal.id, lambda one: identity.edit(one, before.stamp(), amount=7))
    after = somebody(home, NAME)
    back = after.undo(deal.id)
    assert back.amount is None
    last = list(back.timeline.values())[-1]
    assert (last.what, last.by, "whose" in last.about) == ("undone", NAME, False)


def test_two_people_of_one_name_are_two(home: Path, tmp_path: Path) -> None:
    here = somebody(home)
    deal = here.create(name="CRM", customer="Acme")
    deal = here.edit(deal.id, lambda one: identity.edit(one, here.stamp(), amount=7))
    there = somebody(copied(home, tmp_path / "other"))
    there.keep_user_id()
    assert kept(home) != kept(tmp_path / "other")
    with pytest.raises(NotOwn):
        there.undo(deal.id)
    back = there.undo(deal.id, act=list(deal.timeline)[-1])
    assert list(back.timeline.values())[-1].about["whose"] == NAME


def test_a_second_machine_of_the_same_person_is_given_the_id(home: Path, tmp_path: Path) -> None:
    here = somebody(home)
    deal = here.create(name="CRM", customer="Acme")
    deal = here.edit(deal.id, lambda one: identity.edit(one, here.stamp(), amount=7))
    other = copied(home, tmp_path / "other")
    set_setting(under(other).config_file, "user_id", kept(home))
    there = somebody(other, "Wang Fang")
    assert there.undo(deal.id).amount is None


def test_events_without_an_id_go_by_the_name(home: Path) -> None:
    set_setting(under(home).config_file, "user_id", ANNA)
    workspace = somebody(home)
    for by, is_own in ((NAME, True), ("", True), ("Bo", False)):
        deal = identity.edit(make_deal(), Stamp(NOW, by), amount=7)
        assert workspace.own(list(deal.timeline.values())[-1]) is is_own
        told = identity.edit(make_deal(), Stamp(NOW, by, by_id=ANNA), amount=7)
        assert workspace.own(list(told.timeline.values())[-1])
        told = identity.edit(make_deal(), Stamp(NOW, by, by_id=BO), amount=7)
        assert not workspace.own(list(told.timeline.values())[-1])


def by(who: str, label: str, name: str = NAME, *, minutes: int = 0) -> Stamp:
    """Return a coach's stamp of the user `who`."""
    made = stamp(label, by=name, role="coach", days=minutes)
    return Stamp(made.at, name, "coach", made.id, who)


CLAIMED = {
    "tick": lambda deal, one: items.tick(deal, "network", one),
    "evidence": lambda deal, one: items.add_evidence(deal, "network", one, note="三个部门都见了"),
}


@pytest.mark.parametrize("claim", CLAIMED)
def test_who_confirms_what_he_claimed_is_known_by_the_id(claim: str) -> None:
    claimed = CLAIMED[claim](make_deal(), by(ANNA, "claim", "王方"))
    for who, name, is_own in (
        (ANNA, NAME, True),
        (BO, "王方", False),
        ("", "王方", True),
        ("", NAME, False),
    ):
        deal = items.confirm(claimed, "network", by(who, "confirm", name, minutes=1))
        assert deal.items["network"].self_confirmed is is_own, (who, name)


def test_so_it_is_of_rungs_markers_and_what_data_meet() -> None:
    playbook = small_playbook()
    for who, name, is_own in ((ANNA, "Wang Fang", True), (BO, NAME, False)):
        confirming = by(who, "confirm", name, minutes=1)
        deal = contacts.set_rung(
            with_contact(make_deal()), uid("李工"), climb("acquaintance"), by(ANNA, "rung")
        )
        deal = contacts.confirm_rung(deal, uid("李工"), confirming)
        (step,) = deal.contacts[uid("李工")].rungs.values()
        assert step.self_confirmed is is_own
        customer = Customer(id=uid("customer"), name="华鼎", created_at=NOW)
        customer = people.add(customer, by(ANNA, "who"), name="李工", rung=climb("acquaintance"))
        (person,) = customer.people
        customer = people.confirm_rung(customer, person, confirming)
        (step,) = customer.people[person].rungs.values()
        assert step.self_confirmed is is_own
        deal = contacts.add(make_deal(), by(ANNA, "guide"), name="王姐", guide=True)
        place = playbook.places["guide"]
        deal = review.confirm_item(playbook, deal, place, confirming)
        assert deal.items["guide"].self_confirmed is is_own


def test_names_decide_where_one_has_no_id() -> None:
    assert is_among(Author("ann"), [Author("Ann", ANNA)])
    assert not is_among(Author("Ann", ANNA), [Author("Ann", BO)])
    assert is_among(Author("Bo", ANNA), [Author("Ann", BO), Author("Ann", ANNA)])
    assert author(by(ANNA, "x")) == Author(NAME, ANNA)


def test_an_owner_who_is_the_user_has_his_id() -> None:
    mine, other = by(ANNA, "mine"), by(BO, "other", "Bo")

    def edited(deal: Deal, who: Stamp, owner: str) -> tuple[str, str]:
        return (found := identity.edit(deal, who, owner=owner)).owner, found.owner_id

    deal = identity.edit(make_deal(), mine, owner=NAME)
    assert (deal.owner, deal.owner_id) == (NAME, ANNA)
    assert edited(deal, other, "Bo") == ("Bo", BO)
    assert edited(deal, by(ANNA, "given away"), "Cleo") == ("Cleo", "")
    assert identity.edit(deal, other, owner=NAME, amount=3).owner_id == ANNA
    call = by(ANNA, "call")
    deal = actions.add(deal, call, "打电话", owner=NAME)
    assert deal.actions[call.id].owner_id == ANNA
    deal = actions.edit(deal, call.id, other, owner="Bo")
    assert deal.actions[call.id].owner_id == BO
    assert (
        actions.add(deal, by(ANNA, "more"), "写信", owner="Cleo").actions[uid("more")].owner_id
        == ""
    )
