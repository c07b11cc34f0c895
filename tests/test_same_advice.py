"""Home, a deal's own lines, its `w` and the shell's `next` say the same of a deal, on any day."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta

import pytest

from salescoach import samples
from salescoach.cli import main
from salescoach.deal.models import Deal
from salescoach.playbook.load import load, packaged
from salescoach.tui.deal import bars as deal_bars
from salescoach.tui.home import bars as home_bars
from salescoach.words import LANGS, Lang, Words
from salescoach.workspace import Workspace, open_workspace
from salescoach.workspace.lists.cards import Card
from tests.coach.test_reachable import random_deal
from tests.tui.pilot import running


def kept(lang: Lang) -> Workspace:
    """Return a workspace with the samples and some random deals, as they are when read again."""
    workspace = open_workspace(lang=lang)
    samples.install(workspace, workspace.today())
    playbook = load(packaged())
    for seed in range(12):
        deal = random_deal(playbook, random.Random(seed))
        identity = f"00000000-0000-4000-8000-{seed:012d}"
        workspace.add(deal.but(id=identity, name=f"random {seed}"))
    workspace.catch_up()
    return workspace


def at_home(card: Card, today: date, words: Words) -> tuple[str, str]:
    """Return what Home's preview tells of a deal: the promise and the step."""
    paras = home_bars.preview(words, card, today)
    promised = [para.text for para in paras if words("home.promised") in para.mark]
    told = [para.text for para in paras]
    why = words("home.why", why="")
    at = next((place for place, text in enumerate(told) if text.startswith(why)), 0)
    return "".join(promised), told[at - 1] if at else ""


def in_the_deal(workspace: Workspace, deal: Deal, today: date, words: Words) -> tuple[str, str]:
    """Return the text of the deal's line for the next step, and of the one for what was promised."""
    days = workspace.settings.stalled_days
    line = deal_bars.next_up(words, workspace.playbook, deal, today, days)
    step = "".join(span.text for span in line if span.action == "next_step")
    promised = deal_bars.promised(words, deal, today)
    return "".join(span.text for span in promised if span.action == "actions"), step


@pytest.mark.parametrize("lang", LANGS)
def test_the_index_and_the_deal_say_the_same_on_any_day(lang: Lang) -> None:
    workspace, words = kept(lang), Words(lang)
    compared = late = 0
    for card in workspace.lists.deals.cards(sort="none"):
        deal = workspace.read(card.id)
        for days in (-3, 0, 1, 9, 16, 40, 90):
            today = workspace.today() + timedelta(days=days)
            promised, step = at_home(card, today, words)
            action, line = in_the_deal(workspace, deal, today, words)
            assert step == line, (card.name, days)
            if promised:
                assert action in promised
                late += 1
            compared += bool(step)
    assert compared > 50
    assert late > 10


def test_the_shell_says_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    workspace, words = kept("en"), Words("en")
    capsys.readouterr()
    main(["next", "--json", "--lang", "en"])
    listed = {one["deal"]: one for one in json.loads(capsys.readouterr().out)["next"]}
    seen = 0
    for card in workspace.lists.deals.cards(sort="none"):
        main(["next", card.id, "--json", "--lang", "en"])
        told = json.loads(capsys.readouterr().out)
        promised, step = at_home(card, workspace.today(), words)
        assert (told["next"] or {"text": ""})["text"] == step
        assert (told["promised"] or {"text": ""})["text"] == promised
        if card.id in listed:
            one = listed[card.id]
            assert one["text"] == step
            assert (one["promised"] or {"text": ""})["text"] == promised
            seen += 1
        else:
            assert card.status == "nurture" or not (step or promised)
    assert seen > 10


async def test_w_shows_both_and_so_does_the_line() -> None:
    workspace, words = kept("en"), Words("en")
    cards = [one for one in workspace.lists.deals.cards(sort="none") if one.status == "open"]
    both = [one for one in cards if at_home(one, workspace.today(), words)[0]][:3]
    assert len(both) == 3
    async with running(size=(200, 50)) as person:
        for card in both:
            promised, step = at_home(card, workspace.today(), words)
            person.app.open_deal(card.id)
            await person.settle()
            lines = person.text.splitlines()
            assert any("Promised:" in line and "d late" in line for line in lines)
            assert any("Next:" in line and step[:60] in line for line in lines)
            await person.press("w")
            told = [para.text for para in person.deal.query_one("#panel")._paras]  # type: ignore[attr-defined]
            assert promised in told
            assert step in told
            await person.press("escape")


def test_a_lost_deal_has_no_next_anywhere(capsys: pytest.CaptureFixture[str]) -> None:
    workspace = open_workspace(lang="en")
    deal = workspace.create(name="CRM", customer="Globex")
    for argv in (
        ["action", "add", deal.id, "Call", "--due", "today"],
        ["lose", deal.id, "-r", "x"],
    ):
        assert main(argv) == 0
    capsys.readouterr()
    main(["show", deal.id, "--json"])
    shown = json.loads(capsys.readouterr().out)
    assert (shown["next"], shown["promised"]) == (None, None)
    main(["next", deal.id, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["next"], told["promised"], told["actions"]) == (None, None, [])
    main(["list", "--status", "lost", "--json"])
    (line,) = json.loads(capsys.readouterr().out)["deals"]
    assert (line["next_text"], line["next_due"]) == ("", None)
    words, read = Words("en"), workspace.read(deal.id)
    assert deal_bars.promised(words, read, workspace.today()) == []
    (span,) = deal_bars.next_up(words, workspace.playbook, read, workspace.today(), 14)
    assert span.text.strip() == "lost"
    main(["show", deal.id])
    assert "> Next" not in capsys.readouterr().out
