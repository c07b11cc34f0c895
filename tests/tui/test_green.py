"""On the screens nothing is green that is not so: rungs, questions, evidence against, a coach's verdicts."""

from __future__ import annotations

from salescoach.coach.gates import gate
from salescoach.deal import items
from salescoach.deal.parts import Answer
from salescoach.deal.stages import has_basis
from salescoach.tui.deal.tools import tool_paras
from salescoach.words import Words
from tests.build import (
    LADDER,
    NOW,
    claimed_rung,
    make_deal,
    small_playbook,
    stamp,
    uid,
    with_contact,
)
from tests.tui.pilot import Person, running


async def with_li(person: Person) -> None:
    """Put a designer on the rung engagement, with nothing recorded for it, as older files have it."""
    screen = person.deal
    screen.change(
        lambda deal: claimed_rung(
            with_contact(deal, "Li Hua", roles=("designer",)), LADDER[1], "Li Hua"
        )
    )
    await person.settle()


async def test_a_rung_of_an_older_file_is_shown_as_claimed_until_its_proof_is_given() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await with_li(person)
        await person.press("p")
        assert "##? " in person.here
        assert "only claimed" in person.text
        assert "does not count" in person.text
        await person.press("escape", "3", "g")
        assert "the rung of Li Hua is only claimed" in person.text
        await person.press("home", "enter", "=x", "ctrl+g")
        assert "A rung needs evidence" in person.text
        await person.press("=She came to our office", "ctrl+g")
        assert "only claimed" not in person.text
        assert gate(screen.playbook, screen.deal, "uncovering-needs").entry.met
        await person.press("p")
        assert "She came to our office" in person.text


async def test_a_step_down_asks_only_why() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await with_li(person)
        await person.press("p", "r", "1", "ctrl+g")
        assert "Why is needed" in person.text
        assert "What happened" not in person.text.replace("what happened", "")
        await person.press("=She left the project", "ctrl+g")
        assert screen.deal.contacts[uid("Li Hua")].rung is None
        assert "She left the project" in person.text


async def test_evidence_against_is_marked_in_words_and_answered() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("down", "e", "=ok", "ctrl+g")
        assert "no evidence yet" in person.text
        await person.press("= she said no", "tab", "=Han Xue", "tab", "right", "ctrl+g")
        (state,) = screen.deal.items.values()
        (piece,) = state.evidence.values()
        assert (piece.against, piece.who) == (True, "Han Xue")
        assert "[x!]" in person.text
        assert "speaks against it" in person.text
        assert "ok she said no" in person.text
        await person.press("tab")
        assert "against " in person.text
        await person.press("e", "=She came round", "ctrl+g")
        assert "[xe]" in person.text


async def test_evidence_of_tomorrow_is_refused_beside_its_field() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("down", "e", "=She said so", "tab", "tab", "tab")
        await person.pilot.press(*["backspace"] * 10)
        await person.press("=tomorrow", "ctrl+g")
        assert "still to come" in person.text
        assert not screen.deal.items


async def test_the_item_that_asks_for_the_four_questions_leads_there() -> None:
    async with running() as person:
        screen = await person.new_deal()
        key = next(
            key
            for key, place in screen.playbook.places.items()
            if place.item.auto == "four-questions"
        )
        screen.show_stage("customer-analysis", at=key)
        await person.press("enter")
        assert "[The four questions]" in person.text
        await person.press("enter", "1", "ctrl+g")
        assert "A yes needs its basis" in person.text
        await person.press("=The budget is approved", "ctrl+g")
        (given,) = screen.deal.answers.values()
        assert has_basis(given)
        assert "The budget is approved" in person.text
        await person.press("escape")
        assert person.app.screen is screen
        await person.press("Q")
        assert "[The four questions]" in person.text


async def test_an_old_yes_without_its_basis_says_so() -> None:
    async with running(size=(80, 24)) as person:
        screen = await person.new_deal()
        await person.press("Q", "enter", "1", "=The budget is approved", "ctrl+g")
        key, given = next(iter(screen.deal.answers.items()))
        screen.change(lambda deal: deal.but(answers={key: given.but(note="")}))
        await person.settle()
        assert "yes, no basis" in person.text
        await person.press("g")
        assert "nothing says why" in person.text


async def test_a_tick_beside_data_shows_how_far_the_data_are_and_who_is_lacking() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await with_li(person)
        key = next(
            key
            for key, place in screen.playbook.places.items()
            if place.item.auto == "key-contacts-engaged"
        )
        screen.change(lambda deal: items.tick(deal, key, stamp("tick")))
        screen.show_stage("building-trust", at=key)
        await person.settle()
        assert "[x ]" in person.here
        assert "0/1" in person.here
        assert "it counts as a claim" in person.text
        assert "Lacking: Li Hua" in person.text


async def test_a_coach_judges_a_marker_and_a_rung_from_their_screens() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("g", "e", "escape", "escape")
        screen.change(
            lambda deal: with_contact(deal, "Li Hua", roles=("designer",), rung="engagement")
        )
        await person.settle()
        await person.press("3", "g", "c", "1", "right", "tab", "=Chen", "tab", "=When?", "ctrl+g")
        found = gate(screen.playbook, screen.deal, "uncovering-needs").entry
        assert (found.how, found.challenge) == ("challenged", "When?")
        assert "challenged by a coach" in person.text
        await person.press("c", "1", "ctrl+g")
        assert gate(screen.playbook, screen.deal, "uncovering-needs").entry.met
        await person.press("p", "c", "right", "tab", "tab", "=Who says so?", "ctrl+g")
        assert "##! " in person.here
        assert "Who says so?" in person.text


async def test_where_there_is_nothing_to_judge_the_coach_is_told_before_a_form_opens() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("down", "c")
        assert person.app.screen is screen
        assert person.app.said
        assert "nothing to confirm" in person.app.said.text


async def test_d_asks_what_came_of_an_action_and_offers_it_as_evidence() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("down", "a", "=Ask Ann", "tab", "tab", "tab", "=Zhou", "ctrl+g")
        await person.press("a", "=Call Bob", "ctrl+g", "A")
        owners = {action.text: action.owner for action in screen.deal.actions.values()}
        assert owners["Ask Ann"] == "Zhou"
        assert "Zhou" in person.text
        await person.press("d", "=ok", "tab", "right", "ctrl+g")
        assert "no evidence yet" in person.text
        await person.press("=, she agreed to it", "ctrl+g")
        (done,) = [action for action in screen.deal.actions.values() if action.done_at]
        assert done.outcome == "ok, she agreed to it"
        (state,) = screen.deal.items.values()
        assert (state.state, len(state.evidence)) == ("evidenced", 1)
        assert "ok, she agreed to it" in person.text


async def test_an_empty_outcome_takes_one_enter_and_done_is_not_silently_undone() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("down", "a", "=Ask Ann", "ctrl+g", "A", "d", "enter")
        (action,) = screen.deal.actions.values()
        assert action.done_at
        await person.press("d")
        assert "is done" in person.text
        await person.press("escape")
        assert all(action.done_at for action in screen.deal.actions.values())
        await person.press("d", "2")
        assert not any(action.done_at for action in screen.deal.actions.values())


async def test_the_owners_typed_before_can_be_picked() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("a", "=Ask Ann", "tab", "tab", "tab", "=Zhou", "ctrl+g")
        await person.press("a", "=Call Bob", "tab", "tab", "right", "ctrl+g")
        assert [action.owner for action in screen.deal.actions.values()] == ["Zhou", "Zhou"]


async def test_home_says_whose_an_action_is_where_it_is_not_mine() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("a", "=Ask Ann", "tab", "=today", "tab", "tab", "=Zhou", "ctrl+g")
        await person.press("a", "=Call Bob", "tab", "=today", "ctrl+g", "escape", "1")
        assert "Ask Ann (Zhou)" in person.text
        me = person.app.workspace.settings.me
        assert f"Call Bob ({me})" not in person.text


async def test_a_form_that_tells_mistakes_still_shows_its_keys() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("down", "e", "ctrl+g")
        assert "no evidence yet" in person.text
        assert "Ctrl+G send" in person.text


def test_the_tools_view_is_green_only_for_what_is_shown() -> None:
    playbook, words = small_playbook(), Words("en")
    (first, *_) = playbook.tools.opportunity.questions
    deal = claimed_rung(with_contact(make_deal()), LADDER[1])
    deal = with_contact(deal, "Ann", rung=LADDER[1])
    bare = Answer(answer="yes", at=NOW)
    deal = deal.model_copy(update={"answers": {first.key: bare}})
    move = next(iter(playbook.places.values())).move

    def told(tool: str) -> dict[str, str]:
        paras = tool_paras(words, playbook, deal, move.model_copy(update={"tools": (tool,)}))
        return {para.text: para.style for para in paras if para.mark == "  = "}

    assert told("opportunity")["yes, no basis"] == "warning"
    assert told("relationship") == {"Ann": "success", "李工 only claimed": "warning"}
    shown = Answer(answer="yes", note="the budget is there", at=NOW)
    deal = deal.model_copy(update={"answers": {first.key: shown}})
    assert told("opportunity")["yes  the budget is there"] == "success"


async def test_the_list_marks_what_a_coach_objects_to_until_it_is_answered() -> None:
    async with running() as person:
        screen = await person.new_deal()
        key = screen.stage.moves[0].items[0].key
        screen.change(lambda deal: items.add_evidence(deal, key, stamp("e"), note="he said so"))
        screen.change(lambda deal: items.challenge(deal, key, stamp("c", role="coach"), "Who?"))
        await person.settle()
        assert "[x ]" in person.text
        assert " ! e1" in person.text
        await person.press("question_mark")
        assert "! that a coach" in person.text
        await person.press("escape")
        screen.change(lambda deal: items.add_evidence(deal, key, stamp("f"), note="Li Hua said so"))
        await person.settle()
        assert " ! e" not in person.text
