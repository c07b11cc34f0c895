"""The one door to deals, playbook and index."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from salescoach.deal import actions, contacts, identity, phases
from salescoach.deal.models import Deal
from salescoach.document.errors import InvalidValue
from salescoach.explain import explain
from salescoach.paths import Paths, under
from salescoach.playbook.errors import PlaybookInvalid, Unknown
from salescoach.playbook.load import copy_edition, packaged
from salescoach.settings import SettingRefused, Settings
from salescoach.store import errors
from salescoach.store.errors import Ambiguous, Damaged, Locked, NotFound
from salescoach.words import LANGS, Lang, Words
from salescoach.words.storage import TEXTS
from salescoach.workspace import Workspace, indexed, open_workspace
from salescoach.workspace.kinds import DEALS
from tests.build import make_deal, uid

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ENVIRON = {"LANG": "zh_CN.UTF-8"}


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return under(tmp_path / "home")


@pytest.fixture
def workspace(paths: Paths) -> Workspace:
    return Workspace(paths, Settings(me="王工"), environ=ENVIRON, now=lambda: NOW)


def again(workspace: Workspace, **more: Settings | Path | None) -> Workspace:
    """Return what the next start of the program has."""
    settings = more.get("settings")
    return Workspace(
        workspace.paths,
        settings if isinstance(settings, Settings) else workspace.settings,
        environ=ENVIRON,
        now=lambda: NOW,
    )


def rename(workspace: Workspace, deal: Deal, name: str) -> Deal:
    stamp = workspace.stamp()
    return workspace.edit(deal.id, lambda deal: identity.edit(deal, stamp, name=name))


def test_two_programs_of_one_person_never_take_back_each_others_acts_unasked(paths: Paths) -> None:
    """`u` in one took back what had just been done in the other; what was done before either began is one's own."""
    clock = iter(NOW + timedelta(minutes=minute) for minute in range(100))
    settings = Settings(me="王工")
    before = Workspace(paths, settings, environ=ENVIRON, now=lambda: next(clock))
    deal = before.create(name="CRM 升级", customer="华鼎数据")
    rename(before, deal, "before")
    one, two = (
        Workspace(paths, settings, environ=ENVIRON, now=lambda: next(clock)) for _ in range(2)
    )
    rename(one, deal, "one")
    stamp = two.stamp()
    two.edit(deal.id, lambda deal: identity.edit(deal, stamp, owner="two"))
    assert (one.undo(deal.id).name, one.read(deal.id).owner) == ("before", "two")
    assert one.undo(deal.id).name == "CRM 升级"
    with pytest.raises(errors.NotOwn) as asked:
        one.undo(deal.id)
    assert (asked.value.event, asked.value.way, asked.value.by) == (stamp.id, "undo", "王工")
    assert one.undo(deal.id, act=asked.value.event).owner == "王工"
    with pytest.raises((errors.NotOwn, errors.NothingToRedo)):
        two.redo(deal.id)


def test_a_deal_from_its_making_to_the_next_start(workspace: Workspace) -> None:
    """Made, edited, undone, redone; found again by everything that lists it."""
    deal = workspace.create(name="CRM 升级", customer="华鼎数据")
    assert (deal.rev, deal.owner, deal.currency, deal.created_at) == (1, "王工", "CNY", NOW)
    assert deal.playbook.id == workspace.playbook.id
    assert list(deal.stages) == [workspace.playbook.stages[0].key]
    rename(workspace, deal, "CRM 二期")
    assert workspace.undo(deal.id).name == "CRM 升级"
    assert workspace.redo(deal.id).name == "CRM 二期"
    assert [version.rev for version in workspace.versions(deal.id)] == [4, 3, 2, 1]
    later = again(workspace)
    assert later.read(deal.id).name == "CRM 二期"
    assert [card.name for card in later.cards()] == ["CRM 二期"]
    card = later.card(deal.id)
    assert card is not None
    assert (card.stage_number, card.moves_total, card.stage_since) == (1, 24, "2026-11-23")


def test_a_deal_already_under_way(workspace: Workspace) -> None:
    """Created at a later stage, with the fields that are given."""
    third = workspace.playbook.stages[2].key
    deal = workspace.create(name="a", customer="b", stage=third, owner="小周", currency="EUR")
    assert (deal.owner, deal.currency) == ("小周", "EUR")
    assert deal.stages[third].opened == NOW
    assert len(deal.stages) == 3
    with pytest.raises(InvalidValue):
        workspace.create(name="", customer="b")


def test_a_sample_keeps_its_own_id(workspace: Workspace) -> None:
    """A deal that was made elsewhere is saved as it is."""
    assert workspace.add(make_deal()).id == uid("deal")
    with pytest.raises(errors.AlreadyThere):
        workspace.add(make_deal())


def test_home_is_painted_from_the_index(workspace: Workspace) -> None:
    """Counts, today's work, lists, and what the coach says, without the playbook or a deal being read."""
    stamp = workspace.stamp()
    deal = workspace.create(name="CRM 升级", customer="华鼎数据")
    workspace.edit(deal.id, lambda deal: actions.add(deal, stamp, text="回访", due=stamp.today))
    phase = workspace.playbook.tools.phases.phases[2]
    workspace.edit(deal.id, lambda deal: phases.set_phase(deal, phase.key, stamp.derive("p")))
    other = workspace.create(name="仓储系统", customer="蓝海物流")
    workspace.edit(other.id, lambda deal: identity.nurture(deal, stamp.derive("n")))
    workspace.catch_up()

    later = again(workspace)
    assert later.has_deals()
    assert later.counts()._replace(idle=0) == (0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0)
    assert [due.text for due in later.due(later.today())] == ["回访"]
    assert later.idle_cards() == []
    listing = later.listing(tab="deals", text="huading", sort="name")
    assert (listing.total, [card.id for card in listing.page(0, 10)]) == (1, [deal.id])
    assert later.listing(tab="nurture").total == 1
    assert later.listing(tab="closed").total == 0
    card = later.card(deal.id)
    assert card is not None
    assert card.phase_name("zh") == phase.name.zh
    assert card.key_role_name("en")
    zh, en = (card.step_on(later.today(), Words(lang)) for lang in LANGS)
    assert zh is not None
    assert en is not None
    assert zh.text != en.text
    assert en.why
    assert later.stage_names() == [stage.name.zh for stage in workspace.playbook.stages]
    later.use_language("en")
    assert later.stage_names()[0] == workspace.playbook.stages[0].name.en
    assert "_loaded" not in vars(later)


def test_an_empty_workspace(workspace: Workspace) -> None:
    """The first start: nothing there, nothing wrong, the stages known all the same."""
    assert not workspace.has_deals()
    assert sum(workspace.counts()) == 0
    assert workspace.cards() == []
    assert workspace.refresh() == 0
    assert len(workspace.stage_names()) == 6
    assert workspace.banners() == []
    with pytest.raises(NotFound):
        workspace.resolve("anything")


def test_a_deal_is_meant_by_id_prefix_or_name(workspace: Workspace) -> None:
    """Also one that another process has just saved."""
    deal = workspace.create(name="CRM 升级", customer="华鼎数据")
    assert workspace.resolve(deal.id) == deal.id
    assert workspace.resolve(f" {deal.id.upper()} ") == deal.id
    assert workspace.resolve(deal.id[:8]) == deal.id
    assert workspace.resolve("crm 升级") == deal.id
    other = again(workspace).create(name="CRM 升级", customer="蓝海物流")
    assert workspace.resolve("蓝海物流") == other.id
    with pytest.raises(Ambiguous):
        workspace.resolve("CRM 升级")
    with pytest.raises(NotFound):
        workspace.resolve(uid("nobody"))


def test_changes_of_others_are_caught_up_with(workspace: Workspace) -> None:
    """A second process's deals and edits are in the next list."""
    deal = workspace.create(name="mine", customer="a")
    other = again(workspace)
    rename(other, deal, "theirs")
    other.create(name="new", customer="b")
    other.settle()
    assert {card.name for card in workspace.cards()} == {"theirs", "new"}


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT])
def test_an_index_that_fails_after_the_look_is_filled_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """A list that is asked for is never told to be empty because the cache could not be read."""
    workspace.create(name="CRM 升级", customer="华鼎数据")
    later = again(workspace)
    later.catch_up()

    def fail() -> sqlite3.Connection:
        monkeypatch.undo()
        error = sqlite3.DatabaseError("disk I/O error")
        error.sqlite_errorcode = code
        raise error

    later.index.close()
    monkeypatch.setattr(later.index, "_connection", fail)
    assert [card.name for card in later.lists.deals.cards()] == ["CRM 升级"]
    assert later.lists.deals.count() == 1


def test_what_was_saved_is_in_the_index_at_once(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that wait, one for a deal's saves in a row, are written before the index is used, or when there are many."""
    deal = workspace.create(name="name", customer="a")
    other = workspace.create(name="other", customer="b")
    workspace.catch_up()
    rename(workspace, other, "another")
    for number in range(5):
        rename(workspace, deal, f"name {number}")
    assert len(workspace._unsettled) == 2
    card = workspace.card(deal.id)
    assert card is not None
    assert card.name == "name 4"
    assert not workspace.behind()
    monkeypatch.setattr(indexed, "_UNSETTLED", 2)
    for number in range(4):
        rename(workspace, deal, f"again {number}")
        rename(workspace, other, f"again {number}")
    assert len(workspace._unsettled) < 3


def test_a_deal_that_the_coach_cannot_judge_is_saved_and_listed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistake in advice costs the advice."""

    def trip(deal: Deal) -> dict[str, object]:
        raise LookupError("stage")

    monkeypatch.setattr(workspace, "_summary", trip)
    deal = workspace.create(name="name", customer="a")
    card = workspace.card(deal.id)
    assert card is not None
    assert (card.name, card.moves_total) == ("name", 0)


def test_the_end_of_the_program_settles(workspace: Workspace) -> None:
    """A shell command's save leaves an index in step, unless the deals are gone with their folder."""
    code = """
        import sys
        from salescoach.workspace import open_workspace
        deal = open_workspace().create(name="from a script", customer="a")
    """
    lines = "\n".join(line.strip() for line in code.splitlines())
    home = workspace.paths.state.parent
    environ = {**os.environ, "SALESCOACH_HOME": str(home)}
    subprocess.run([sys.executable, "-c", lines], check=True, env=environ)
    assert not workspace.behind() or workspace.cards()
    assert [card.name for card in workspace.lists.deals.cards()] == ["from a script"]

    import weakref

    gone = Workspace(under(home / "gone"), Settings(), environ=ENVIRON)
    gone._unsettled.append(None)  # type: ignore[arg-type]
    indexed._settle(weakref.ref(gone))
    indexed._settle(lambda: None)  # type: ignore[arg-type]
    assert not (home / "gone").exists()


def test_a_damaged_deal_is_copied_by_the_first_write_to_it(workspace: Workspace) -> None:
    """Looking and changing others leaves it alone; the user is told, the rest works, and nothing is ever moved."""
    deal = workspace.create(name="fine", customer="a")
    path = workspace.store.path(uid("bad"))
    path.write_bytes(b"{")
    os.utime(path, (1, 1))
    later = again(workspace)
    assert len(later.cards()) == 2
    assert later.counts().problems == 1
    assert path.exists()
    rename(later, deal, "new")
    later.sweep()
    assert list(later.paths.state.glob("quarantine/*")) == []
    for _ in range(2):
        with pytest.raises(Damaged):
            later.undo(uid("bad"))
    (aside,) = later.store.quarantined()
    assert aside.path.read_bytes() == path.read_bytes() == b"{"
    assert later.counts().problems == 1
    assert {card.name for card in later.cards()} == {"new", path.name}
    (banner,) = later.banners()
    assert "1 个商机读不了" in banner


def test_banners_say_what_the_user_should_know(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read-only folder, conflict copies, mistakes in settings and playbook."""
    deal = workspace.create(name="a", customer="b")
    (workspace.paths.deals / f"{deal.id} 2.json").write_bytes(b"{}")
    workspace.paths.playbook.mkdir(parents=True)
    (workspace.paths.playbook / "playbook.toml").write_text("format = 7", "utf-8")
    workspace.paths.config_file.write_text("zzz = 1\n", "utf-8")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    later = open_workspace(
        lang="en", environ={"SALESCOACH_HOME": str(workspace.paths.state.parent)}
    )
    setting, folder, playbook, copies = later.banners()
    assert "there is no setting zzz" in setting
    assert "cannot be written" in folder
    assert "The packaged one is used" in playbook
    assert "that can be merged: 1." in copies


def test_a_playbook_with_mistakes_is_told_and_the_packaged_one_used(workspace: Workspace) -> None:
    """The app starts, and all mistakes are listed."""
    workspace.paths.playbook.mkdir(parents=True)
    (workspace.paths.playbook / "playbook.toml").write_text("format = 7", "utf-8")
    assert workspace.playbook.id == "cuilong-6"
    assert len(workspace.playbook_problems) > 1
    assert workspace.playbook_folder == workspace.paths.playbook


def test_a_playbook_that_was_sound_is_told_to_be_so_until_it_changes(workspace: Workspace) -> None:
    """What Home tells of it at a start takes no models where nothing changed, and sees every change."""

    def later() -> Workspace:
        return Workspace(workspace.paths, workspace.settings)

    copy_edition(packaged(), workspace.paths.playbook)
    assert later().playbook_problems == ()
    fresh = later()
    assert fresh.playbook_problems == ()
    assert "_loaded" not in vars(fresh)
    (workspace.paths.playbook / "playbook.toml").write_text("format = 7", "utf-8")
    assert later().playbook_problems


def test_a_broken_packaged_playbook_is_not_hidden(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is nothing to fall back to."""
    from salescoach.playbook import load

    monkeypatch.setattr(load, "packaged", lambda: tmp_path)
    with pytest.raises(PlaybookInvalid):
        _ = workspace.playbook


def test_another_playbook_tried_out_leaves_the_usual_index(
    workspace: Workspace, tmp_path: Path
) -> None:
    """It has an index of its own; an edited playbook makes the rows anew."""
    copy_edition(packaged(), tmp_path / "mine")
    deal = workspace.create(name="a", customer="b")
    workspace.catch_up()
    tried = Workspace(workspace.paths, Settings(), tmp_path / "mine", environ=ENVIRON)
    assert tried.index.path != workspace.index.path
    assert [card.id for card in tried.cards()] == [deal.id]
    assert not workspace.behind()
    file = tmp_path / "mine" / "playbook.toml"
    file.write_text(file.read_text("utf-8") + "\n", "utf-8")
    fresh = Workspace(workspace.paths, Settings(), tmp_path / "mine", environ=ENVIRON)
    assert fresh.fingerprint != tried.fingerprint
    assert fresh.behind()


def test_a_playbook_that_is_not_there_has_a_fingerprint(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Home does not fall over a folder that was named by mistake."""
    nowhere = Workspace(workspace.paths, Settings(), tmp_path / "nowhere", environ=ENVIRON)
    assert nowhere.fingerprint
    assert nowhere.playbook_problems


def test_who_does_it_and_when(workspace: Workspace) -> None:
    """Stamps carry the settings' name and role and the clock's time."""
    stamp = workspace.stamp()
    assert (stamp.at, stamp.by, stamp.role) == (NOW, "王工", "rep")
    assert workspace.now() == NOW
    assert workspace.today() == NOW.date()
    coach = again(workspace, settings=Settings(me="老李", role="coach"))
    assert (coach.stamp().by, coach.stamp().role) == ("老李", "coach")
    plain = Workspace(workspace.paths, Settings())
    assert plain.now().tzinfo is not None
    assert abs(plain.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_stalled_is_what_the_settings_say(workspace: Workspace) -> None:
    """Nothing in so many days."""
    workspace.create(name="a", customer="b")
    workspace.settle()
    for days, stalled in ((6, 0), (9, 1)):
        later = Workspace(
            workspace.paths,
            Settings(stalled_days=7),
            environ=ENVIRON,
            now=lambda days=days: NOW + timedelta(days=days),  # type: ignore[misc]
        )
        later.catch_up()
        assert later.counts().stalled == stalled


def test_a_setting_is_remembered(workspace: Workspace) -> None:
    """It counts at once and at the next start."""
    workspace.remember("theme", "light")
    assert workspace.settings.theme == "light"
    home = str(workspace.paths.state.parent)
    assert open_workspace(environ={"SALESCOACH_HOME": home}).settings.theme == "light"
    with pytest.raises(SettingRefused):
        workspace.remember("theme", "No Such!")
    assert workspace.settings.theme == "light"


def test_the_language_of_the_workspace(workspace: Workspace) -> None:
    """The one asked for, or the environment's; it can change while the program runs."""
    assert workspace.words.lang == "zh"
    home = str(workspace.paths.state.parent)
    assert open_workspace(lang="en", environ={"SALESCOACH_HOME": home}).words.lang == "en"
    assert open_workspace(lang="zh").words.lang == "zh"
    english = workspace.use_language("en")
    assert english is workspace.words
    assert english.lang == "en"


@pytest.mark.parametrize("lang", LANGS)
def test_every_failure_has_a_sentence(lang: Lang) -> None:
    """In both languages, on one line, without anything that moves a cursor."""
    words = Words(lang)
    path = Path("/some/\x1b[2Jwhere\u202e/x.json")
    failures: list[Exception] = [
        NotFound("[/] \x1b]52;c;x\x07"),
        NotFound("华定", near=("华鼎数据", "[b]x[/b]")),
        Ambiguous("x", ((uid("a"), "A"), (uid("b"), "B"))),
        errors.AlreadyThere(uid("a")),
        errors.Unreadable(path, OSError(13, "Permission denied")),
        errors.NewerSchema(path, 9),
        Locked(uid("a"), "12 salescoach\x1b[2J check"),
        Locked(uid("a"), ""),
        errors.NothingToUndo(id="x"),
        errors.NothingToRedo(id="x"),
        *(Damaged(path, reason, "1:2") for reason in Damaged.REASONS),
        *(
            errors.SaveFailed(path, reason, "why")
            for reason in ("disk-full", "read-only", "system", "too-large", "text")
        ),
        SettingRefused("setting-no-such", key="x", known="a, b"),
        SettingRefused("setting-refused", key="lang", value="fr", mend="mend-lang"),
        InvalidValue("empty", field="name"),
        Unknown("stage", "9", ("one",)),
        PlaybookInvalid(()),
        ValueError("odd\nthing"),
    ]
    for failure in failures:
        told = explain(failure, words)
        assert told
        assert told.isprintable(), told
        assert "{" not in told
    assert "[b]x[/b]" in explain(failures[1], words)


def test_a_playbooks_first_mistake_is_explained(workspace: Workspace) -> None:
    """With its place and mend."""
    workspace.paths.playbook.mkdir(parents=True)
    (workspace.paths.playbook / "playbook.toml").write_text("format = 7", "utf-8")
    problems = workspace.playbook_problems
    told = workspace.explain(PlaybookInvalid(problems))
    assert told == problems[0].line(workspace.words)
    assert (
        workspace.explain(NotFound("x").of(DEALS.name), Words("en")) == "There is no such deal: x"
    )


def test_the_words_are_all_used_or_named() -> None:
    """Both languages say something, with the same params."""
    import string

    for name, (zh, en) in TEXTS.items():
        params = [
            {field for _, field, _, _ in string.Formatter().parse(text) if field}
            for text in (zh, en)
        ]
        assert params[0] == params[1], name
        assert zh != en


def test_undo_takes_a_deal_back_to_the_customer_it_was_moved_from(workspace: Workspace) -> None:
    """With the people who were brought along: what they were is what they are again, in both customers."""
    deal = workspace.create(customer="Acme", name="CRM")
    workspace.create(customer="Acme", name="ERP")
    workspace.edit(deal.id, lambda one: contacts.add(one, workspace.stamp(), name="Ann"))
    workspace.new_customer("Apex")
    stamp = workspace.stamp()
    workspace.edit(deal.id, lambda one: workspace.at_customer(one, "Apex", stamp))
    assert workspace.read(deal.id).customer == "Apex"
    back = workspace.undo(deal.id)
    assert (back.customer, [one.name for one in back.contacts.values()]) == ("Acme", ["Ann"])
    apex = workspace.customer_named("Apex")
    assert apex is not None
    assert apex.people == {}
    again = workspace.redo(deal.id)
    assert (again.customer, [one.name for one in again.contacts.values()]) == ("Apex", ["Ann"])
