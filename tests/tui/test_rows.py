"""What the cursor is on is readable whole: a row that is cut goes on in lines under it, and only that row."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from salescoach.deal import actions, contacts, identity
from salescoach.samples import install
from salescoach.text import cell_width
from salescoach.tui.home.screen import HomeScreen
from salescoach.tui.spans import Span, columns, fit, grown, share, unfold, width_of
from salescoach.tui.widgets.rows import Rows
from salescoach.words import Lang
from salescoach.workspace import open_workspace

from .pilot import NARROW, WIDE, Person, running


class Texts:
    """Rows of a number and a text."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts

    def __len__(self) -> int:
        return len(self.texts)

    def row(self, index: int, width: int) -> Sequence[Span]:
        return columns([(str(index), "", 3), (self.texts[index], "", width - 4)])

    def selectable(self, index: int) -> bool:
        return True


class ListApp(App[None]):
    """A list and nothing else."""

    CSS = "Rows { width: 40; height: 10; }"

    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__()
        self.texts = texts

    def compose(self) -> ComposeResult:
        yield Rows(Texts(self.texts))

    def lines(self) -> list[str]:
        strips = self.screen._compositor.render_strips()
        return [strip.crop(0, 39).text.rstrip() for strip in strips[:10]]


LONG = "one two three four five six seven eight nine ten eleven twelve"
TEXTS = ["short", LONG, "also short", LONG + " " + LONG, *(f"row {n}" for n in range(4, 40)), LONG]


async def test_only_the_row_under_the_cursor_is_unfolded() -> None:
    app = ListApp(TEXTS)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app.lines()[:3] == [
            "> 0   short",
            "  1   one two three four five six sev..",
            "  2   also short",
        ]
        await pilot.press("down")
        assert app.lines()[:4] == [
            "  0   short",
            "> 1   one two three four five six seven",
            "      eight nine ten eleven twelve",
            "  2   also short",
        ]
        await pilot.press("down")
        assert app.lines()[:4] == [
            "  0   short",
            "  1   one two three four five six sev..",
            "> 2   also short",
            "  3   one two three four five six sev..",
        ]


async def test_the_last_row_is_in_view_whole_and_the_list_as_long_as_its_lines() -> None:
    app = ListApp(TEXTS)
    async with app.run_test() as pilot:
        rows = app.query_one(Rows)
        await pilot.press("end")
        assert app.lines()[-2:] == [
            "> 40  one two three four five six seven",
            "      eight nine ten eleven twelve",
        ]
        assert rows.virtual_size.height == len(TEXTS) + 1
        await pilot.press("up")
        assert rows.virtual_size.height == len(TEXTS)
        assert "> 39  row 39" in app.lines()
        await pilot.press("home")
        assert app.lines()[0] == "> 0   short"


async def test_a_click_finds_the_row_whose_line_is_under_the_mouse() -> None:
    app = ListApp(TEXTS)
    async with app.run_test() as pilot:
        rows = app.query_one(Rows)
        await pilot.press("down")
        for line, row in ((3, 2), (1, 1), (2, 1), (0, 0), (1, 1), (4, 3)):
            await pilot.click(Rows, offset=(8, line))
            assert rows.cursor == row, line


async def test_a_row_longer_than_the_list_fills_it_and_is_cut() -> None:
    app = ListApp(["a", LONG * 20])
    async with app.run_test() as pilot:
        await pilot.press("end")
        lines = app.lines()
        assert lines[0].startswith("> 1 ")
        assert lines[-1].endswith("..")


TEXT = st.text("ab 中文，", max_size=80)


@given(st.lists(TEXT, min_size=1, max_size=4), st.integers(4, 30), st.integers(1, 9))
def test_unfolded_lines_keep_the_columns_and_lose_nothing(
    texts: list[str], cells: int, limit: int
) -> None:
    spans = columns([(text.strip(), "", cells) for text in texts])
    lines = unfold(spans, limit)
    assert 1 <= len(lines) <= limit
    assert {width_of(line) for line in lines} == {width_of(spans)}
    if len(lines) < limit:
        for place, text in enumerate(texts):
            shown = "".join(line[2 * place].text for line in lines)
            assert "".join(shown.split()) == "".join(text.split())


def test_a_line_cut_as_a_whole_goes_on_too() -> None:
    (cut,) = fit([Span("中文" * 9)], 10)
    assert cell_width(cut.text) <= 10
    assert "".join(line[0].text.strip() for line in unfold([cut], 9)) == "中文" * 9


async def _go_home(person: Person) -> None:
    for _ in range(5):
        if isinstance(person.app.screen, HomeScreen):
            return
        await person.press("escape")
    raise AssertionError(person.text + str(person.told))


def _within(text: str, lines: str) -> bool:
    """Say whether the characters of `text` stand in `lines` in their order: other columns may stand between."""
    rest = iter(lines)
    return all(char in rest for char in text if char != " ")


async def _every_row_whole(person: Person, texts: Sequence[str]) -> None:
    rows = person.app.screen.query_one(Rows)
    wanted = set(texts)
    await person.press("home")
    for _ in range(len(rows.source)):
        region = rows.region
        strips = person.app.screen._compositor.render_strips()[region.y : region.bottom]
        shown = [strip.crop(region.x, region.right).text for strip in strips]
        (top,) = [place for place, line in enumerate(shown) if line.startswith("> ")]
        at_cursor = "".join(shown[top : top + 1 + len(rows._more)])
        wanted = {text for text in wanted if not _within(text, at_cursor)}
        await person.press("down")
    assert not wanted


@pytest.mark.parametrize(("lang", "size"), [("zh", WIDE), ("en", NARROW)])
async def test_every_item_of_every_stage_can_be_read_whole(
    lang: Lang, size: tuple[int, int]
) -> None:
    async with running(lang, size) as person:
        screen = await person.new_deal()
        for number, stage in enumerate(screen.playbook.stages, 1):
            await person.press(str(number))
            texts = [
                item.text.get(lang)
                for move in stage.moves
                for item in move.items
                if "complex" in item.kinds
            ]
            await _every_row_whole(person, texts)


async def test_what_stands_in_lists_and_dialogs_can_be_read_whole() -> None:
    workspace = open_workspace(lang="en")
    install(workspace, workspace.today())
    async with running("en", NARROW) as person:
        screen = await person.new_deal()
        first, second = person.app.workspace.stamp(), person.app.workspace.stamp()
        text = (
            "Ask the head of purchasing for the three criteria of the committee and their weights"
        )
        screen.change(lambda deal: actions.add(deal, first, text, due=first.today))
        screen.change(
            lambda deal: contacts.add(
                deal, second, name="Maximiliane", title="Deputy head of procurement, region north"
            )
        )
        await person.press("A")
        await _every_row_whole(person, [text])
        await person.press("p")
        await _every_row_whole(person, ["Maximiliane", "Deputy head of"])
        await person.press("g")
        await _every_row_whole(person, [])
        await _go_home(person)
        await person.press("1")
        await _every_row_whole(person, [text])


@given(
    st.integers(0, 200), st.lists(st.integers(0, 120), min_size=1, max_size=9), st.integers(0, 2)
)
def test_columns_share_the_room_by_what_they_hold(cells: int, wishes: list[int], gap: int) -> None:
    got = share(cells, wishes, gap=gap)
    gaps = gap * max(0, sum(1 for wish in wishes if wish) - 1)
    assert all(0 <= one <= wish for one, wish in zip(got, wishes, strict=True))
    assert sum(got) == min(sum(wishes), max(0, cells - gaps))
    cut = [one for one, wish in zip(got, wishes, strict=True) if one < wish]
    # Nobody gives way to somebody wider.
    assert not cut or max(got) - min(cut) <= 1
    grew = grown(got, 0, cells, gap=gap)
    assert grew[0] >= got[0]
    assert grew[1:] == got[1:]


PEOPLE = {
    "zh": ("欧阳慧敏", "信息中心副主任兼采购委员会秘书", "教练"),
    "en": ("Maximiliane Dubois", "Deputy head of procurement", "Alexandra Smith"),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_where_there_is_room_nothing_in_a_list_is_cut(lang: Lang) -> None:
    name, title, owner = PEOPLE[lang]
    async with running(lang, (200, 40)) as person:
        screen = await person.new_deal()
        stamps = [person.app.workspace.stamp() for _ in range(3)]
        screen.change(
            lambda deal: contacts.add(
                deal,
                stamps[0],
                name=name,
                title=title,
                level="management",
                function="technical",
                roles=("designer", "evaluator"),
            )
        )
        screen.change(lambda deal: actions.add(deal, stamps[1], title, owner=owner))
        screen.change(lambda deal: identity.edit(deal, stamps[2], owner=owner))
        await person.press("p")
        tools = screen.playbook.tools.organisation
        roles = [
            role.name.get(lang) for role in tools.roles if role.key in ("designer", "evaluator")
        ]
        assert all(text in person.here for text in (name, title, *roles))
        assert ".." not in person.here
        await person.press("A")
        assert title in person.here
        assert owner in person.here
        await _go_home(person)
        await person.press("2")
        assert owner in person.here


async def test_the_role_and_the_owner_are_there_at_120_columns() -> None:
    async with running("zh", WIDE) as person:
        screen = await person.new_deal()
        stamps = [person.app.workspace.stamp() for _ in range(3)]
        screen.change(
            lambda deal: contacts.add(
                deal, stamps[0], name="梁志远", title="院长", level="executive",
                function="user", roles=("decision-maker", "designer"),
            )
        )  # fmt: skip
        screen.change(lambda deal: actions.add(deal, stamps[1], "约梁院长", owner="王晓东"))
        screen.change(lambda deal: identity.edit(deal, stamps[2], owner="王晓东"))
        await person.press("p")
        assert "决策者、设计者" in person.here
        await person.press("A")
        assert "王晓东" in person.here
        await _go_home(person)
        await person.press("2")
        assert "王晓东" in person.here
