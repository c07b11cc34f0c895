"""The playbook's tools as paragraphs, with what the deal already knows beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from salescoach.coach.checks import people, rung_standing
from salescoach.tui.deal.guidance import answer_told
from salescoach.tui.widgets.panel import BLANK, Para

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.playbook.models import Entry, Move, Playbook, Rung, Style, Text
    from salescoach.words import Words


def tool_paras(words: Words, playbook: Playbook, deal: Deal, move: Move) -> list[Para]:
    """Tell every tool that helps with a move."""
    if not move.tools:
        return [Para(words("deal.no-tools"), "muted")]
    paras: list[Para] = []
    for key in move.tools:
        tool = getattr(playbook.tools, key)
        if paras:
            paras.append(BLANK)
        paras += [Para(tool.name.get(words.lang), "heading"), Para(tool.purpose.get(words.lang))]
        paras += [Para(point.get(words.lang), "muted", "- ") for point in tool.points]
        paras += _BODIES[key](words, playbook, deal)
    return paras


def entry_paras(words: Words, entries: Iterable[Entry], *, numbered: bool = False) -> list[Para]:
    """Tell entries: name, meaning, points."""
    paras: list[Para] = []
    for number, entry in enumerate(entries, start=1):
        own = entry.name.get(words.lang)[:1].isdigit()
        mark = f"{number} " if numbered and not own else "" if numbered else "> "
        paras += [BLANK, Para(entry.name.get(words.lang), "strong", mark, "accent")]
        if entry.text:
            paras.append(Para(entry.text.get(words.lang), "", "  "))
        paras += [Para(point.get(words.lang), "", "  - ") for point in entry.points]
    return paras


def _titled(words: Words, title: str, texts: Iterable[Text]) -> list[Para]:
    return [
        Para(words(title), "accent", "  "),
        *(Para(text.get(words.lang), "", "  - ") for text in texts),
    ]


def style_paras(words: Words, style: Style) -> list[Para]:
    """Tell a communication style and how to meet it."""
    lang = words.lang
    return [
        Para(style.name.get(lang), "strong", "> ", "accent"),
        *([Para(style.text.get(lang), "", "  ")] if style.text else []),
        *_titled(words, "contacts.style-how", style.how),
        Para(style.wants.get(lang), "", "  " + words("contacts.style-wants") + " ", "accent"),
        Para(style.fears.get(lang), "", "  " + words("contacts.style-fears") + " ", "accent"),
        *_titled(words, "contacts.style-strengths", style.strengths),
        *_titled(words, "contacts.style-weaknesses", style.weaknesses),
    ]


def rung_paras(words: Words, rung: Rung) -> list[Para]:
    """Tell a rung: the marker that it is reached and what leads there."""
    lang = words.lang
    paras = [
        Para(rung.name.get(lang), "strong", "> ", "accent"),
        Para(rung.marker.get(lang), "", "  " + words("contacts.marker") + " ", "accent"),
    ]
    for activity in rung.activities:
        paras.append(Para(activity.name.get(lang), "", "  - "))
        if activity.text:
            paras.append(Para(activity.text.get(lang), "muted", "    "))
        paras += [Para(point.get(lang), "muted", "    - ") for point in activity.points]
    return paras


def _facts(words: Words, playbook: Playbook, deal: Deal) -> list[Para]:
    paras: list[Para] = []
    for kind in playbook.tools.facts.kinds:
        paras += entry_paras(words, [kind])
        for fact in kind.fields:
            text = f": {fact.text.get(words.lang)}" if fact.text else ""
            paras.append(Para(fact.name.get(words.lang) + text, "", "  - "))
    return paras


def _organisation(words: Words, playbook: Playbook, deal: Deal) -> list[Para]:
    tool = playbook.tools.organisation
    paras: list[Para] = []
    groups: tuple[tuple[str, Iterable[Entry]], ...] = (
        ("contacts.level", tool.levels),
        ("contacts.function", tool.functions),
        ("contacts.roles", tool.roles),
        ("contacts.decisions", tool.decisions),
    )
    for title, entries in groups:
        paras += [BLANK, Para(words(title), "heading"), *entry_paras(words, entries)]
    return paras


def _opportunity(words: Words, playbook: Playbook, deal: Deal) -> list[Para]:
    paras: list[Para] = []
    for question in playbook.tools.opportunity.questions:
        paras += entry_paras(words, [question])
        answer = deal.answers.get(question.key)
        said, style = answer_told(words, answer)
        note = answer.note if answer is not None else ""
        paras.append(Para("  ".join(filter(None, (said, note))), style, "  = "))
    return paras


def _relationship(words: Words, playbook: Playbook, deal: Deal) -> list[Para]:
    paras: list[Para] = []
    for rung in playbook.tools.relationship.rungs:
        paras += [BLANK, *rung_paras(words, rung)]
        here = [one for _, one in people(deal) if one.rung == rung.key]
        shown = [one.name for one in here if rung_standing(playbook, one) == "shown"]
        if shown:
            paras.append(Para("  ".join(shown), "success", "  = "))
        for one in here:
            standing = rung_standing(playbook, one)
            if standing != "shown":
                told = f"{one.name} {words('contacts.rung-' + standing)}"
                paras.append(Para(told, "warning", "  = "))
    return paras


def _styles(words: Words, playbook: Playbook, deal: Deal) -> list[Para]:
    paras: list[Para] = []
    for style in playbook.tools.styles.styles:
        paras += [BLANK, *style_paras(words, style)]
    return paras


def _phases(words: Words, playbook: Playbook, deal: Deal) -> list[Para]:
    roles = {role.key: role.name.get(words.lang) for role in playbook.tools.organisation.roles}
    paras: list[Para] = []
    for phase in playbook.tools.phases.phases:
        paras += entry_paras(words, [phase])
        here = "  " + words("deal.phase-here") if phase.key == deal.buying_phase else ""
        paras.append(
            Para(
                words("home.key-role", role=roles.get(phase.key_role, phase.key_role)) + here,
                "accent",
                "  ",
            )
        )
    return paras


def _needs(words: Words, playbook: Playbook, deal: Deal) -> list[Para]:
    tool = playbook.tools.needs
    return [*entry_paras(words, tool.layers, numbered=True), *entry_paras(words, tool.qualities)]


def _negotiation(words: Words, playbook: Playbook, deal: Deal) -> list[Para]:
    tool = playbook.tools.negotiation
    return [
        *entry_paras(words, tool.steps, numbered=True),
        BLANK,
        Para(words("deal.terms"), "heading"),
        *entry_paras(words, tool.terms),
    ]


def _receivables(words: Words, playbook: Playbook, deal: Deal) -> list[Para]:
    tool = playbook.tools.receivables
    return [
        *entry_paras(words, tool.causes),
        BLANK,
        Para(words("deal.quadrant"), "heading"),
        *entry_paras(words, tool.quadrant),
    ]


def _steps(key: str) -> Callable[[Words, Playbook, Deal], list[Para]]:
    return lambda words, playbook, _deal: entry_paras(
        words, getattr(playbook.tools, key).steps, numbered=True
    )


_BODIES: dict[str, Callable[[Words, Playbook, Deal], list[Para]]] = {
    "facts": _facts,
    "organisation": _organisation,
    "opportunity": _opportunity,
    "relationship": _relationship,
    "styles": _styles,
    "needs": _needs,
    "phases": _phases,
    "proposal": _steps("proposal"),
    "talk": _steps("talk"),
    "closing": _steps("closing"),
    "negotiation": _negotiation,
    "service": _steps("service"),
    "receivables": _receivables,
}
