"""A search however long is only a search: it harms no index."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from salescoach.deal.models import Deal
from salescoach.paths import Paths
from salescoach.store.documents import DocumentStore
from salescoach.store.index.cache import Index
from salescoach.workspace.lists import query
from salescoach.workspace.lists.query import Where
from tests.build import make_deal
from tests.lists import deals, made

from .test_index import bring


@pytest.fixture
def index(paths: Paths, store: DocumentStore[Deal]) -> Index:
    store.create(make_deal(name="CRM 升级"))
    index = made(paths.index_file)
    bring(index, store)
    return index


def inode(path: Path | None) -> int:
    assert path is not None
    return path.stat().st_ino


@pytest.mark.parametrize("words", [1, 64, 1_000, 40_000])
def test_a_search_of_any_number_of_words_leaves_the_index_alone(words: int, index: Index) -> None:
    before = inode(index.path)
    where = Where(text=" ".join(["crm"] * words))
    assert [card.name for card in deals(index).cards(where)] == ["CRM 升级"]
    assert deals(index).count(where) == 1
    assert not deals(index).cards(Where(text=f"nothing {where.text}"))
    assert (inode(index.path), index.renewed, index.lasting) == (before, 0, True)


def test_a_query_that_the_database_refuses_is_no_damage(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = inode(index.path)
    monkeypatch.setattr(query, "WORDS", 100_000)
    assert deals(index).cards(Where(text="crm " * 20_000)) == []
    assert (inode(index.path), index.renewed) == (before, 0)
    assert [card.name for card in deals(index).cards(Where(text="crm"))] == ["CRM 升级"]


@pytest.mark.parametrize("table", [name for name in made().layout.names if name != "meta"])
def test_an_index_without_one_of_its_tables_is_made_anew(
    table: str, index: Index, store: DocumentStore[Deal]
) -> None:
    assert index.path is not None
    with sqlite3.connect(index.path) as file:
        file.execute(f"DROP TABLE {table}")
    file.close()
    index.close()
    list(deals(index).cards(Where(text="crm")))
    deals(index).lines()
    bring(index, store)
    assert [card.name for card in deals(index).cards(Where(text="crm"))] == ["CRM 升级"]


def test_many_words_in_pinyin_are_found(index: Index) -> None:
    for word in ("shengji", "sj", "s", "shang"):
        found = deals(index).cards(Where(text=" ".join([word] * 1_000)))
        assert len(found) == (word != "shang")
    assert index.renewed == 0
