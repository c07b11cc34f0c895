"""Tables: aligned in cells, as wide as the terminal at most, one line a row."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from salescoach.cli.table import Column, lay_out
from salescoach.text import cell_width, truncate

COLUMNS = (
    Column("ID"),
    Column("商机", elastic=True),
    Column("Amount", right=True, spare=2),
    Column("Next", elastic=True, spare=1),
)
CELLS = st.tuples(
    st.just("12345678"),
    st.text(max_size=80),
    st.just("CNY 1,200"),
    st.text("ab 华鼎👩", max_size=80),
)


@given(rows=st.lists(CELLS, max_size=6), limit=st.integers(20, 200))
def test_no_line_is_wider_than_the_terminal(rows: list[tuple[str, ...]], limit: int) -> None:
    lines = lay_out(COLUMNS, rows, limit)
    assert len(lines) == len(rows) + 1
    assert all(cell_width(line) <= limit for line in lines)
    assert all(line.startswith("12345678") for line in lines[1:])


def test_a_narrow_terminal_keeps_what_matters_most() -> None:
    row = ("12345678", "a deal with a long name", "CNY 1,200", "call the customer tomorrow")
    assert lay_out(COLUMNS, [row], 80)[1] == "  ".join(row)
    cut = lay_out(COLUMNS, [row], 60)[1]
    assert cell_width(cut) == 60
    assert "CNY 1,200" in cut
    assert "a deal with a long name" not in cut
    assert "call the customer" in cut
    narrow = lay_out(COLUMNS, [row], 36)[1]
    assert "CNY" not in narrow
    assert "12345678" in narrow
    narrowest = lay_out(COLUMNS, [row], 20)[1]
    assert narrowest == f"12345678  {truncate('a deal with a long name', 10)}"


def test_off_a_terminal_nothing_is_cut() -> None:
    row = ("1", "x" * 300, "", "y" * 300)
    assert lay_out(COLUMNS, [row])[1].count("x") == 300
