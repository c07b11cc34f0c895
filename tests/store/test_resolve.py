"""Which deal a person means."""

from __future__ import annotations

import pytest

from salescoach.store.errors import Ambiguous, NotFound
from salescoach.store.files.atomic import Sign
from salescoach.store.index.cache import Index
from salescoach.workspace.lists.deal_rows import listed, problem_card
from salescoach.workspace.lists.resolve import resolve
from tests.lists import deals, made, put_all

DEALS = {
    "aaaa1111-0000-4000-8000-000000000001": ("CRM 升级", "华鼎数据"),
    "aaaa2222-0000-4000-8000-000000000002": ("仓储系统", "蓝海物流"),
    "bbbb3333-0000-4000-8000-000000000003": ("仓储系统 二期", "蓝海物流"),
    "cccc4444-0000-4000-8000-000000000004": ("aaaa", "中科云图"),
}


@pytest.fixture
def index() -> Index:
    found = made()
    for key, (name, customer) in DEALS.items():
        card = problem_card(key, "")._replace(name=name, customer=customer)
        put_all(found, (key, listed(card, (name, customer)), Sign(1, 1, 1, 1)))
    return found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("aaaa1", 1),
        ("AAAA2222", 2),
        ("CRM 升级", 1),
        ("crm  升级", 1),
        ("仓储系统", 2),
        ("二期", 3),
        ("erqi", 3),
        ("华鼎数据", 1),
        ("蓝海物流 仓储系统 二期", 3),
        ("hdsj", 1),
        ("aaaa", 4),
        ("中科", 4),
        ("ｂｂｂｂ3333", 3),
    ],
)
def test_an_id_a_prefix_or_a_name(index: Index, asked: str, found: int) -> None:
    """A whole name comes before a prefix, a whole anything before a part."""
    assert resolve(deals(index), asked).endswith(f"{found}")


@pytest.mark.parametrize("asked", ["蓝海物流", "lanhai", "仓"])
def test_more_than_one(index: Index, asked: str) -> None:
    """Those that fit are listed."""
    with pytest.raises(Ambiguous) as failure:
        resolve(deals(index), asked)
    assert len(failure.value.fits) == 2
    assert "aaaa2222" in str(failure.value.params["fits"])


@pytest.mark.parametrize("asked", ["", "  ", "aaa9", "zzzz", "\0", "'; --", "\ud800"])
def test_none(index: Index, asked: str) -> None:
    """Nothing fits, whatever was typed."""
    with pytest.raises(NotFound):
        resolve(deals(index), asked)


def test_the_nearest_are_named(index: Index) -> None:
    """A slip of the keys still leads somewhere."""
    with pytest.raises(NotFound) as failure:
        resolve(deals(index), "华鼎数居 CRN")
    assert failure.value.near[0] == "华鼎数据 CRM 升级"
    with pytest.raises(NotFound) as failure:
        resolve(deals(made()), "CRM")
    assert failure.value.near == ()
