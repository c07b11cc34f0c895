"""An old home is brought to the form of this program: told, backed up, finished after a kill, and nothing of it lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from salescoach.coach.tell import event_text
from salescoach.customer.apart import keep_people_apart
from salescoach.deal import contacts, identity
from salescoach.paths import Paths, under
from salescoach.settings import Settings
from salescoach.store.care import archive
from salescoach.store.care.restore import Restore
from salescoach.store.errors import CannotTakeBack, SaveFailed
from salescoach.store.files.locks import locked
from salescoach.words import LANGS, Words
from salescoach.workspace import Workspace
from salescoach.workspace.upgrade import Upgraded, old_deals, upgrade
from salescoach.workspace.upgrade_note import UpgradeNote
from tests import old_homes
from tests.build import stamp, uid
from tests.store.doing import tree


def opened(paths: Paths) -> Workspace:
    return Workspace(paths, Settings(me="小周"), lang="zh")


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return old_homes.small(tmp_path / "home")


def content(paths: Paths) -> dict[str, object]:
    """Return what the documents of a home say, without what tells of their saves."""
    workspace = opened(paths)
    found: dict[str, object] = {}
    for store in (workspace.customers, workspace.store):
        for key in store.ids():
            raw = json.loads(store.path(key).read_bytes())
            found[key] = {
                name: raw[name] for name in raw if name not in {"save", "rev", "ancestry"}
            }
    return found


def test_every_deal_has_its_customer_and_the_people_stand_there_once(paths: Paths) -> None:
    workspace = opened(paths)
    before = {key: workspace.read(key) for key in workspace.store.ids()}
    told: list[tuple[str, int, int]] = []
    done = upgrade(workspace, lambda *progress: told.append(progress))

    assert (done.deals, done.customers, done.left, done.complete) == (5, 3, [], True)
    assert told[-1] == ("upgrade", 5, 5)
    assert {what for what, _, _ in told} == {"backup", "upgrade"}
    assert old_deals(workspace) == []
    for key, old in before.items():
        raw = json.loads(workspace.store.path(key).read_bytes())
        assert (raw["schema"], "contacts" in raw, "carried" in raw) == (2, False, False)
        new = workspace.read(key)
        assert len(new.contacts) == len(old.contacts)
        assert new.timeline == old.timeline
        assert new.customer_record is not None
    names = sorted(
        one.name
        for key in workspace.customers.ids()
        for one in workspace.customers.read(key).people.values()
    )
    assert names == ["J. Smith", "李建国", "王芳", "王芳", "高总"]


def test_pairs_who_may_be_one_are_counted_for_the_home(paths: Paths) -> None:
    workspace = opened(paths)
    upgrade(workspace)
    workspace.refresh()
    assert workspace.lists.customers.doubtful() == (1, 1)
    assert any("按 D" in banner for banner in workspace.banners())
    customer = workspace.read(uid("crm")).customer_key
    told = workspace.words("customers.banner-doubts", customers=1, pairs=1)
    assert told in workspace.banners()
    workspace.customers.edit(
        customer, lambda one: keep_people_apart(one, uid("crm wang"), uid("wms wang"), stamp("two"))
    )
    workspace.refresh()
    assert told not in workspace.banners()


def test_reading_an_old_home_shows_it_and_writes_nothing(paths: Paths) -> None:
    before = tree(paths.deals.parent)
    workspace = opened(paths)
    deal = workspace.read(uid("crm"))
    assert [one.title for one in deal.contacts.values()] == ["技术经理", "采购主管", ""]
    assert deal.customer_record is not None
    assert workspace.deals.read_signed(uid("wms"))[0].contacts[uid("wms gao")].title == "总裁"
    after = tree(paths.deals.parent)
    assert {name: told for name, told in after.items() if not name.startswith("cache")} == before


def test_an_upgraded_home_is_told_by_one_look_and_upgraded_once(paths: Paths) -> None:
    assert not UpgradeNote(paths).is_done()
    first = upgrade(opened(paths))
    assert UpgradeNote(paths).is_done()
    before = tree(paths.deals)
    assert upgrade(opened(paths)) == Upgraded()
    assert tree(paths.deals) == before
    assert first.backup is not None


def test_a_home_of_this_program_is_only_noted(tmp_path: Path) -> None:
    paths = old_homes.small(tmp_path / "home")
    upgrade(opened(paths))
    UpgradeNote(paths).forget()
    before = tree(paths.deals)
    done = upgrade(opened(paths))
    assert (done.deals, done.backup, tree(paths.deals)) == (0, None, before)
    assert UpgradeNote(paths).is_done()


def test_the_original_of_each_deal_is_in_its_history(paths: Paths) -> None:
    originals = {path.stem: path.read_bytes() for path in paths.deals.iterdir()}
    upgrade(opened(paths))
    for key, data in originals.items():
        assert data in [path.read_bytes() for path in (paths.history / key).iterdir()]


def test_the_backup_gives_back_the_old_bytes_which_can_be_upgraded_again(
    paths: Paths, tmp_path: Path
) -> None:
    originals = {name: told for name, told in tree(paths.deals).items() if told[0]}
    versions = {name: told for name, told in tree(paths.history).items() if told[0]}
    done = upgrade(opened(paths))
    assert done.backup is not None
    fresh = under(tmp_path / "fresh")
    with archive.opened(done.backup, ["customers", "deals"]) as file:
        restore = Restore(file, opened(fresh).stores, file.check())
        for fate in restore.plan().documents:
            restore.put_back(fate)
    assert tree(fresh.deals) == originals
    assert {name: told for name, told in tree(fresh.history).items() if told[0]} == versions
    upgrade(opened(fresh))
    assert content(fresh) == content(paths)


def test_an_act_from_before_is_taken_back_where_it_touched_only_the_deal(paths: Paths) -> None:
    workspace = opened(paths)
    upgrade(workspace)
    ticked = workspace.read(uid("crm"))
    assert ticked.items
    back = opened(paths).undo(uid("crm"))
    assert not any(state.state != "open" for state in back.items.values())
    assert back.contacts == ticked.contacts
    with pytest.raises(CannotTakeBack) as refused:
        opened(paths).undo(uid("crm"))  # the one before changed a person
    assert "客户" in workspace.explain(refused.value)
    assert opened(paths).read(uid("crm")) == back
    again = opened(paths).redo(uid("crm"))
    assert again.items == ticked.items


def test_one_old_deal_is_brought_over_by_the_first_change_to_it(paths: Paths) -> None:
    workspace = opened(paths)
    workspace.upgrading = lambda: None
    deal = workspace.edit(
        uid("crm"), lambda one: contacts.edit(one, uid("crm li"), stamp("call"), birthday="05-01")
    )
    assert deal.contacts[uid("crm li")].birthday == "05-01"
    raw = json.loads(paths.deals.joinpath(f"{uid('crm')}.json").read_bytes())
    assert raw["schema"] == 2
    assert "carried" not in raw
    other = workspace.read(uid("wms"))
    assert other.contacts[uid("crm li")].birthday == "05-01"
    done = upgrade(opened(paths))
    assert done.deals == 4
    assert opened(paths).read(uid("wms")).contacts[uid("crm li")].title == "技术总监"


def test_what_was_seen_before_the_upgrade_is_saved_after_it(paths: Paths) -> None:
    workspace = opened(paths)
    seen = workspace.read(uid("crm"))
    upgrade(opened(paths))
    saved = workspace.edit(
        uid("crm"), lambda one: identity.edit(one, stamp("rename"), name="CRM 三期"), seen
    )
    assert (saved.name, saved.carried, len(saved.contacts)) == ("CRM 三期", {}, 3)
    saved = workspace.edit(
        uid("crm"),
        lambda one: contacts.edit(one, uid("crm gao"), stamp("title"), title="董事长"),
        seen,
    )
    assert saved.contacts[uid("crm gao")].title == "董事长"


def test_damaged_deals_stay_are_told_and_are_upgraded_when_mended(paths: Paths) -> None:
    path = paths.deals / f"{uid('wms')}.json"
    whole = path.read_bytes()
    path.write_bytes(whole[:-200])
    done = upgrade(opened(paths))
    assert [key for key, _ in done.left] == [uid("wms")]
    assert path.read_bytes() == whole[:-200]
    assert UpgradeNote(paths).is_done()
    path.write_bytes(whole)
    workspace = opened(paths)
    assert (
        workspace.deals.hand_over(uid("wms")).customer_id == workspace.read(uid("crm")).customer_id
    )
    assert uid("crm li") in workspace.read(uid("wms")).stakeholders


def test_cancelling_leaves_a_home_that_the_next_run_finishes(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("salescoach.workspace.upgrade._BATCH", 1)
    whole = Paths(*(tmp_path / "other" / one.relative_to(tmp_path / "home") for one in paths))
    shutil.copytree(tmp_path / "home", tmp_path / "other")
    upgrade(opened(whole))

    def after(number: int) -> Callable[[], bool]:
        left = iter(range(number))
        return lambda: next(left, None) is None

    for number in (0, 3, *range(25, 60)):
        done = upgrade(opened(paths), cancelled=after(number))
        assert len({opened(paths).read(key).customer for key in opened(paths).store.ids()}) >= 3
        if done.complete:
            break
    assert done.complete
    assert content(paths) == content(whole)


def test_a_full_disk_stops_it_with_a_sentence_and_the_home_is_usable(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salescoach.store.files import atomic

    real, count = atomic.write_beside, [0]

    def full(path: Path, data: bytes) -> str:
        count[0] += 1
        if count[0] > 4:
            raise OSError(28, "No space left on device", str(path))
        return real(path, data)

    monkeypatch.setattr("salescoach.store.many.write_beside", full)
    with pytest.raises(SaveFailed) as failed:
        upgrade(opened(paths))
    assert failed.value.code.endswith("disk-full")
    assert not list(paths.deals.glob(".*"))
    monkeypatch.undo()
    assert len(opened(paths).cards()) == 5
    assert upgrade(opened(paths)).complete
    assert old_deals(opened(paths)) == []


def test_another_program_that_is_at_it_is_waited_for(paths: Paths) -> None:
    told: list[str] = []
    with locked(paths.locks / "upgrade.lock"):
        done = upgrade(opened(paths), lambda what, _d, _t: told.append(what), lambda: bool(told))
    assert (told, done.complete, done.deals) == (["waiting"], False, 0)


def test_many_deals_of_one_customer_are_brought_over_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("salescoach.workspace.upgrade._BATCH", 2)
    monkeypatch.setattr("salescoach.workspace.upgrade._LARGEST", 3)
    paths = old_homes.fill(tmp_path / "large", 11, per_customer=11)
    workspace = opened(paths)
    done = upgrade(workspace)
    assert (done.deals, done.left, old_deals(workspace)) == (11, [], [])
    found = [workspace.read(key) for key in workspace.store.ids()]
    assert len({deal.customer_id for deal in found}) == len(workspace.customers.ids()) == 2
    assert all(deal.contacts for deal in found)
    assert sorted(
        len(workspace.customers.read(key).people) for key in workspace.customers.ids()
    ) == [3, 5]


def phones(workspace: Workspace, deal_id: str, name: str) -> list[str]:
    found = workspace.read(deal_id).contacts.values()
    return [one.phone for one in found if name in (one.name, *one.other_names)]


@pytest.mark.parametrize("way", ["start", "deal", "copy"])
def test_what_an_old_file_brings_of_a_person_is_seen_in_the_other_deals(
    paths: Paths, way: str
) -> None:
    old = json.loads((paths.deals / f"{uid('wms')}.json").read_bytes())
    upgrade(opened(paths))
    # Somebody went on with the earlier program on another machine, and his file comes here on a stick.
    old["contacts"][uid("wms li")]["phone"] = "137 0000 0000"
    old["timeline"][uid("elsewhere")] = {
        "what": "contact-edited",
        "about": {"contact": "李建国", "contact_id": uid("wms li"), "fields": "phone"},
        "at": "2027-01-01T08:00:00Z",
        "by": "小陈",
        "role": "rep",
    }
    old["rev"] += 1
    data = json.dumps(old)
    name = uid("wms")
    if way == "copy":
        name += ".sync-conflict-20270101-080000-ABCDEFG"
    (paths.deals / f"{name}.json").write_text(data, "utf-8")

    workspace = opened(paths)
    if way == "copy":
        (copy,) = workspace.copies()
        workspace.merge_copy(copy)
    elif way == "deal":
        assert workspace.bring_together(workspace.read(uid("wms")))
    else:
        assert workspace.bring_all_together() == 1
    for deal in ("wms", "crm"):
        assert phones(opened(paths), uid(deal), "李建国") == ["137 0000 0000"]
    assert opened(paths).store.read(uid("wms")).is_handed_over


def test_a_deal_tells_of_its_people_once(paths: Paths) -> None:
    workspace = opened(paths)
    before = {event.what for event in workspace.read(uid("crm")).timeline.values()}
    upgrade(workspace)
    deal = workspace.read(uid("crm"))
    assert {event.what for event in deal.events.values()} == before
    customer = deal.customer_record
    assert customer is not None
    told = [
        event_text(Words(lang), workspace.playbook, event)
        for event in customer.timeline.values()
        for lang in LANGS
    ]
    assert any("李建国" in line for line in told)
    assert not any("contact-carried" in line or deal.id in line for line in told)


def test_a_deal_tells_only_of_conflicts_about_its_own_people(paths: Paths) -> None:
    workspace = opened(paths)
    upgrade(workspace)
    wms, crm = (workspace.read(uid(key)) for key in ("wms", "crm"))
    (path,) = [one.path for one in wms.open_conflicts.values() if one.path[0] == "people"]
    assert path[1] in wms.stakeholders
    assert (path[1] in crm.stakeholders) is any(
        one.path == path for one in crm.open_conflicts.values()
    )
    stranger = workspace.create(name="第三个", customer="华鼎数据")
    assert stranger.customer_id == wms.customer_id
    assert workspace.read(stranger.id).open_conflicts == {}
