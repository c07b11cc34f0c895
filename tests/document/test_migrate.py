"""Older documents are brought to today's schema step by step; later ones and nonsense are refused."""

from __future__ import annotations

import pytest

from salescoach.document.errors import InvalidValue, TooNew
from salescoach.document.migrate import migrate
from tests.build import refused


def test_a_document_of_this_schema_is_left_alone() -> None:
    raw = {"schema": 3, "name": "x"}
    assert migrate(raw, {}, 3) is raw


def test_an_older_document_goes_through_every_step_and_the_original_stays() -> None:
    raw = {"schema": 1, "title": "x"}
    steps = {
        1: lambda old: {"name": old.pop("title"), **old},
        2: lambda old: {**old, "kind": "complex"},
    }
    assert migrate(raw, steps, 3) == {"schema": 3, "name": "x", "kind": "complex"}
    assert raw == {"schema": 1, "title": "x"}


def test_a_later_document_is_too_new() -> None:
    with pytest.raises(TooNew) as caught:
        migrate({"schema": 3}, {}, 2)
    assert (caught.value.found, caught.value.known) == (3, 2)


@pytest.mark.parametrize("schema", [None, "1", 0, -1, True, 1.0])
def test_a_schema_that_is_no_number_is_refused(schema: object) -> None:
    with refused(InvalidValue, "bad-schema"):
        migrate({"schema": schema}, {}, 2)


def test_a_gap_in_the_steps_is_refused() -> None:
    with refused(InvalidValue, "bad-schema", value="1"):
        migrate({"schema": 1}, {}, 2)
