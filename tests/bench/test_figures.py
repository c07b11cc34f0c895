"""What the figures rest on: the rows' arithmetic, the index over a corpus, and seeing a durable write from outside."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from salescoach.paths import under
from salescoach.settings import Settings
from salescoach.store.files.atomic import replace_file
from salescoach.workspace import Workspace
from tests.bench import corpus
from tests.bench.plan import HUGE, Measure, chosen
from tests.bench.report import HEAD, RULE, Figure, percentile
from tests.bench.terminal import Press, Terminal, typing
from tests.bench.watch import Watch


def _cells(figure: Figure) -> list[str]:
    return [cell.strip() for cell in figure.line().strip("|").split("|")]


def test_a_figure_that_misses_its_aim_is_bold() -> None:
    figure = Figure("a key", [3.0, 8.0, 4.0], "a line", [2.0, 2.0, 2.0], 1.5)
    assert _cells(figure) == [
        "a key",
        "4.0 ms",
        "8.0 ms",
        "a line, 2.0 ms",
        "**2.00**",
        "1.5",
        "no",
    ]
    met = Figure("a key", [3.0], "a line", [2.0], 1.5)
    assert _cells(met) == ["a key", "3.0 ms", "", "a line, 2.0 ms", "1.50", "1.5", "yes"]
    slow = Figure("quitting", [71.0], "a line", [200.0], limit=70.0)
    assert _cells(slow)[1::2] == ["**71 ms**", "a line, 200 ms", "70 ms"]
    assert _cells(slow)[-1] == "no"


def test_a_ratio_is_the_median_of_the_pairs() -> None:
    assert Figure("x", [1.0, 9.0, 4.0], "y", [1.0, 3.0, 1.0]).ratio == 3.0


def test_a_figure_against_nothing_has_no_ratio() -> None:
    assert _cells(Figure("all listed", [19_340.0])) == ["all listed", "19.3 s", *[""] * 5]
    absent = Figure("list", beside="task", target=0.25, note="not installed")
    assert _cells(absent) == ["list", "", "", "task: not installed", "", "0.25", ""]


def test_the_worst_presses_are_held_against_the_usual_ones() -> None:
    mine = [float(number) for number in range(1, 201)]
    worst = Figure("a key", mine, "a line", [2.0] * 199 + [500.0], 2.0).worst(4.0)
    assert (worst.label, worst.mine, worst.ratio) == ("a key, p99", [198.0], 99.0)


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert percentile([3.0, 1.0, 2.0], 95) == 3.0


def test_the_table_is_markdown() -> None:
    columns = {line.count("|") for line in (HEAD, RULE, Figure("x", [1.0]).line())}
    assert columns == {8}


def test_only_the_full_name_asks_for_what_takes_minutes() -> None:
    def measure() -> Figure:
        return Figure("x", [1.0])

    measures: dict[str, Measure] = dict.fromkeys(
        ("start-10", "start-1000", HUGE, "key-list"), measure
    )

    def count(only: list[str] | None) -> int:
        return len([*chosen(measures, only)])

    assert (count(None), count(["start"]), count([HUGE]), count(["start-10", "key"])) == (
        4,
        2,
        1,
        3,
    )


def test_the_quick_index_is_the_one_that_the_program_makes(tmp_path: Path) -> None:
    count = 130
    corpus.fill(tmp_path / "deals", count)
    paths = under(tmp_path / "deals")
    workspace = Workspace(paths, Settings(lang="en"))
    corpus.index(workspace, count)

    assert not workspace.behind()
    assert workspace.refresh() == 0
    quick = workspace.lists.deals.cards(sort="name")
    found = workspace.lists.deals.search("beifenyitiji")
    assert (len(quick), len(found)) == (count, 124)
    people = workspace.people("z", -1)
    assert all(len(one.deals) <= 4 for one in people)
    assert max(len(one.deals) for one in people) > 1
    workspace.index.close()
    for path in paths.cache.glob(f"{paths.index_file.name}*"):
        path.unlink()
    assert workspace.refresh() == count + workspace.lists.customers.count()
    assert workspace.lists.deals.cards(sort="name") == quick
    assert workspace.lists.deals.search("beifenyitiji") == found
    assert workspace.people("z", -1) == people


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells it on Linux")
def test_a_watch_sees_when_a_file_was_durably_replaced(tmp_path: Path) -> None:
    with Watch(tmp_path) as watch:
        assert not watch.durable()
        (tmp_path / "draft").write_bytes(b"x")
        list(tmp_path.iterdir())  # a look at the folder closes it too
        assert not watch.durable()
        (tmp_path / "draft").rename(tmp_path / "deal.json")
        assert not watch.durable()
        replace_file(tmp_path / "deal.json", b"y")
        assert watch.durable()
        assert watch.replaced == "deal.json"
        watch.forget()
        assert not watch.durable()


def _recorded(*pieces: tuple[float, bytes]) -> Terminal:
    terminal = Terminal.__new__(Terminal)
    terminal.pieces = list(pieces)
    return terminal


def _line(row: int, text: str) -> bytes:
    return f"\x1b[{row};1H{text}\x1b[K".encode()


def test_typing_tells_the_field_from_the_list() -> None:
    terminal = _recorded(
        (0.5, _line(3, "all")),
        (1.010, _line(2, " 4")),
        (1.020, _line(3, "some")),
        (1.030, _line(2, "\x1b[7m 4\x1b[0m")),  # the cursor blinks
        (2.002, _line(2, " 42") + _line(3, "one")),
        (2.003, _line(3, "one more")),
    )
    terminal.presses = [Press(b"4", 1.0, 1, 4), Press(b"2", 2.0, 4, 6)]

    echoes, results = typing(terminal)

    assert echoes == [pytest.approx(10), pytest.approx(2)]
    assert results == [pytest.approx(20), pytest.approx(3)]


def test_a_letter_that_finds_nothing_new_is_told() -> None:
    terminal = _recorded((0.5, _line(3, "all")), (1.010, _line(2, " 4")))
    terminal.presses = [Press(b"4", 1.0, 1, 2)]

    with pytest.raises(AssertionError, match="changed nothing"):
        typing(terminal)
