"""Whatever a person pastes or a file holds stays text: no markup, no escape codes, no turned-round lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from salescoach.tui.screens.form import FormDialog
from tests.tui.pilot import NARROW, WIDE, Person, running

FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

# What is pasted or written, and what of it must be seen.
HOSTILE = {
    "markup": (
        'a [/] [Acme] [@click=app.quit]b [on_click="x',
        'a [/] [Acme] [@click=app.quit]b [on_click="x',
    ),
    "styles": (
        "x\\[b]y [bold red]Hi[/bold red] {name} %s {0}\\",
        "x\\[b]y [bold red]Hi[/bold red] {name} %s {0}",
    ),
    "escapes": (
        "One\x1b]52;c;eA==\x07Two\x1b[31mThree\x1b[2J\x9b2JFour\x85\x9dx\x9cEnd",
        "OneTwoThreeFourEnd",
    ),
    "unicode": (
        "One\u202etxt\u2066 e\u0301cole \uff21\uff22\u3010全角\u3011 Zalgo"
        + "\u0300" * 9
        + " \U0001f468\u200d\U0001f469\u200d\U0001f467 go",
        "Onetxt \u00e9cole \uff21\uff22\u3010全角\u3011",
    ),
}


def safe(text: str) -> None:
    """No control and no bidi character reaches the terminal."""
    assert not FORBIDDEN.findall(text.replace("\n", "")), text


async def look_everywhere(person: Person, tours: Iterable[list[str]]) -> str:
    """Go through screens one key at a time; everything shown is safe and is returned."""
    seen = ""
    for key in (key for keys in tours for key in keys):
        await person.press(key)
        safe(person.text)
        seen += person.text
    return seen


TOURS = [
    ["tab", "p", "E", "escape", "r", "escape", "s", "escape", "f2", "f2", "escape"],
    ["t", "down", "escape", "A", "E", "escape", "z", "escape", "escape"],
    ["R", "escape", "E", "escape", "c", "escape", "g", "escape", "b", "escape"],
    ["ctrl+p", "down", "escape", "slash", "escape", "escape", "1", "2"],
]


@pytest.mark.parametrize("size", [NARROW, WIDE])
@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_text_from_a_file_stays_text_on_every_screen(
    name: str, size: tuple[int, int]
) -> None:
    given, visible = HOSTILE[name]
    async with running(size=WIDE) as person:
        await person.new_deal()
        await person.press(
            "down", "e", "=evidence", "tab", "=who", "ctrl+g", "n", "=note", "ctrl+g"
        )
        await person.press(
            "a", "=action", "tab", "=today", "ctrl+g", "p", "a", "=contact", "ctrl+g"
        )
        deal, workspace = person.deal.deal, person.app.workspace
        assert deal.customer_id is not None
        poison(workspace.store.path(deal.id), given, *IN_DEAL)
        poison(workspace.customers.path(deal.customer_id), given, *IN_CUSTOMER)
    async with running(size=size) as person:
        await person.press("f5", "2")
        seen = await look_everywhere(person, [["enter"], *TOURS])
        assert visible in seen


IN_DEAL = (
    ("", ("name", "customer", "owner")),
    ("stakeholders", ("name",)),
    ("notes", ("text", "by")),
    ("actions", ("text", "owner", "agreed_with")),
)
IN_CUSTOMER = (
    ("", ("name",)),
    ("people", ("name", "title", "department", "phone", "email", "note")),
)


def poison(path: Path, given: str, *where: tuple[str, tuple[str, ...]]) -> None:
    """Put `given` into the fields named of a document, or of every entry of a table in it."""
    tree = json.loads(path.read_text("utf-8"))
    for table, names in where:
        entries = tree[table].values() if table else (tree,)
        assert entries, table
        for entry in entries:
            for name in names:
                entry[name] = given
    path.write_text(json.dumps(tree), "utf-8")


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_text_can_be_pasted_into_every_form(name: str) -> None:
    given, visible = HOSTILE[name]
    async with running(size=NARROW) as person:
        await person.press("n")
        await person.paste(given)
        await person.press("tab")
        await person.paste(given)
        await person.press("ctrl+g")
        screen = person.deal
        safe(person.text)
        assert visible in screen.deal.customer
        await person.press("down")
        for keys in (["e"], ["n"], ["a"], ["p", "a"]):
            await person.press(*keys)
            await person.paste(given)
            safe(person.text)
            assert isinstance(person.app.screen, FormDialog)
            await person.press("ctrl+g")
            safe(person.text)
        await person.press("escape")
    async with running() as person:
        deal = person.app.workspace.read(screen.deal.id)
        (who,), (action,) = deal.contacts.values(), deal.actions.values()
        (note,), (state,) = deal.notes.values(), deal.items.values()
        (piece,) = state.evidence.values()
        for kept in (deal.name, deal.customer, who.name, action.text, note.text, piece.note):
            assert visible in kept
            safe(kept)


async def test_a_text_of_200_characters_fits_and_one_more_is_told_beside_its_field() -> None:
    async with running(size=NARROW) as person:
        await person.press("n", "=Globex", "tab")
        await person.paste("长" * 201)
        await person.press("ctrl+g")
        assert "Too long" in person.text
        assert not person.app.workspace.has_deals()
        await person.press("backspace", "ctrl+g")
        assert person.deal.deal.name == "长" * 200
        await look_everywhere(person, TOURS)


async def test_a_name_of_300_characters_on_the_disk_is_told_and_the_others_work() -> None:
    async with running() as person:
        await person.new_deal()
        path = person.app.workspace.paths.deals / f"{person.deal.deal.id}.json"
        await person.press("escape")
        await person.new_deal("Initech", "Archive")
    tree = json.loads(path.read_text("utf-8"))
    tree["name"] = "x" * 300
    path.write_text(json.dumps(tree), "utf-8")
    async with running() as person:
        await person.press("2")
        assert "Initech" in person.text
        await look_everywhere(person, [["home", "enter", "escape", "1", "2", "3", "4", "2"]])
        assert person.app.workspace.has_deals()


async def test_hostile_searches_and_palettes_stay_text() -> None:
    async with running(size=NARROW) as person:
        await person.new_deal()
        await person.press("escape", "2")
        for given, _ in HOSTILE.values():
            for opening in ("slash", "ctrl+p"):
                await person.press(opening)
                await person.paste(given)
                safe(person.text)
                await person.press("down", "escape")
        assert person.app._exception is None


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_the_program_says_of_hostile_text_stays_text(name: str) -> None:
    given, visible = HOSTILE[name]
    async with running() as person:
        screen = await person.new_deal()
        await person.press("a")
        await person.paste(given)
        await person.press("tab", "=today", "ctrl+g", "escape", "1", "d")
        await person.paste(given)
        safe(person.text)
        await person.press("ctrl+g")
        safe(person.text)
        told = [line for line in person.text.splitlines() if "Done: " in line]
        assert told
        assert visible[:12] in told[0]
        (action,) = person.app.workspace.read(screen.deal.id).actions.values()
        assert action.done_at
