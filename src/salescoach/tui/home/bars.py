"""The lines of Home around its list: the tabs with their numbers, the totals, the deal under the cursor; as spans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from salescoach.tui.spans import Span
from salescoach.tui.widgets.panel import Para

if TYPE_CHECKING:
    from datetime import date

    from salescoach.words import Words
    from salescoach.workspace.lists.cards import Card
    from salescoach.workspace.lists.work import Counts


def title(
    words: Words, counts: Counts | None, shown: str, tabs: Sequence[str], today: date
) -> tuple[list[Span], list[Span]]:
    """Return the tabs with how much is in each for the left, the day for the right; `shown` is a tab, or `stalled`."""
    spans = [Span(" salescoach ", "heading"), Span("  ")]
    numbers = {
        "today": (counts.overdue + counts.today + counts.revisit) if counts else 0,
        "deals": counts.open if counts else 0,
        "nurture": counts.nurture if counts else 0,
        "closed": counts.closed if counts else 0,
    }
    for tab in tabs:
        label = f"{words('home.' + tab)} {numbers[tab]}"
        if tab == "deals" and shown == "stalled":
            label = f"{words('home.only-stalled')} {counts.stalled if counts else 0}"
        here = tab == ("deals" if shown == "stalled" else shown)
        style, text = ("tab", f"[{label}]") if here else ("", f" {label} ")
        spans += [Span(text, style, "" if tab == shown else f"tab('{tab}')"), Span(" ")]
    weekday = words("home.weekdays").split()[today.weekday()]
    return spans, [Span(f"{today:%m-%d} {weekday} ", "muted")]


def totals(words: Words, counts: Counts) -> list[Span]:
    """Return what today needs, in numbers; that all is clear where it needs nothing."""
    parts = [
        ("overdue-count", counts.overdue, "alert", ""),
        ("today-count", counts.today, "warning", ""),
        ("revisit-count", counts.revisit, "warning", ""),
        ("stalled-count", counts.stalled, "", "stalled"),
        ("idle-count", counts.idle, "", ""),
        ("conflict-count", counts.conflicts, "warning", ""),
        ("damaged-count", counts.problems, "alert", ""),
    ]
    spans = [Span("  ")]
    for name, count, style, action in parts:
        if count:
            spans += [Span(words("home." + name, count=count), style, action), Span("   ")]
    if len(spans) == 1:
        spans.append(Span(words("home.all-clear"), "success"))
    return spans


def preview(words: Words, card: Card, today: date) -> list[Para]:
    """Tell where a deal's purchase is, who matters now, what was promised, the step that matters most and why."""
    lang = words.lang
    facts = [f"{card.customer} {card.name}", card.phase_name(lang)]
    if card.key_role_name(lang):
        facts.append(words("home.key-role", role=card.key_role_name(lang)))
    paras = [Para("  ".join(fact for fact in facts if fact), "accent", "> ")]
    if card.conflicts:
        paras.append(Para(words("home.conflicts", count=card.conflicts), "warning", "! ", "alert"))
    if promised := card.promised_on(today, words):
        paras.append(Para(promised.text, "", f"  {words('home.promised')} ", "alert"))
    if step := card.step_on(today, words):
        label = f"{words('home.step')} " if promised else ""
        paras.append(Para(step.text, "", f"  {label}", "accent"))
        paras.append(Para(words("home.why", why=step.why), "muted", "  "))
    return paras
