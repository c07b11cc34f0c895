"""The questions that judge the opportunity: a row each, and beside it what the answer rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from salescoach.text import local_time
from salescoach.tui.commands import Command, bindings
from salescoach.tui.deal import question_forms
from salescoach.tui.deal.bars import WIDE
from salescoach.tui.deal.guidance import answer_told
from salescoach.tui.deal.part import DealPart, others
from salescoach.tui.spans import Span, columns
from salescoach.tui.widgets.bar import Bar
from salescoach.tui.widgets.keybar import KeyBar
from salescoach.tui.widgets.panel import BLANK, Panel, Para
from salescoach.tui.widgets.rows import Rows
from salescoach.tui.widgets.styled import Body

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.playbook.models import Entry, Playbook
    from salescoach.words import Words


class QuestionRows:
    """The questions with the deal's answers."""

    def __init__(self, deal: Deal, playbook: Playbook, words: Words) -> None:
        self.entries: Sequence[Entry] = playbook.tools.opportunity.questions
        self._deal = deal
        self._words = words

    def __len__(self) -> int:
        return len(self.entries)

    def selectable(self, index: int) -> bool:
        """Every question can be answered."""
        return True

    def row(self, index: int, width: int) -> Sequence[Span]:
        """Return number, question, answer."""
        entry = self.entries[index]
        said, style = answer_told(self._words, self._deal.answers.get(entry.key))
        wide = 18
        return columns(
            [
                (f"{index + 1}", "muted", 2),
                (entry.name.get(self._words.lang), "strong", max(8, width - wide - 4)),
                (said, style, wide),
            ]
        )


class QuestionsScreen(DealPart):
    """Is there an opportunity, can we do it, can we win, is it worth it (method.md, move 1.4)."""

    TOPIC = "questions"
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("questions.answer", "E,a,e", bar=True),
        Command("questions.undo", "u", bar=True),
        Command("questions.redo", "ctrl+r"),
        *others("questions"),
        Command("questions.back", "escape,q,Q", bar=True, palette=False),
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(COMMANDS_HERE)]
    AUTO_FOCUS = "#list"

    DEFAULT_CSS = """
    QuestionsScreen {
        & #body { height: 1fr; }
        & #list { width: 3fr; }
        & #panel { width: 2fr; border-left: solid $panel; }
        &.narrow #body { layout: vertical; }
        &.narrow #list { width: 100%; height: 6; }
        &.narrow #panel { width: 100%; height: 1fr; border-left: none; border-top: solid $panel; }
    }
    """

    def compose(self) -> ComposeResult:
        """Title, questions, the one under the cursor, keys."""
        yield Bar(id="title")
        with Body(id="body"):
            yield Rows(id="list")
            yield Panel(id="panel")
        yield KeyBar()

    def on_resize(self) -> None:
        """Lay out for the new width."""
        self.set_class(self.size.width < WIDE, "narrow")

    def tell(self) -> None:
        """Show the questions with the answers of the deal as it is."""
        self.title_bar(self.words("deal.four-questions"))
        rows = self.query_one(Rows)
        rows.show(QuestionRows(self.deal, self.behind.playbook, self.words))
        self._moved()

    def _under_cursor(self) -> Entry | None:
        rows = self.query_one(Rows)
        found = isinstance(rows.source, QuestionRows) and 0 <= rows.cursor < len(rows.source)
        return rows.source.entries[rows.cursor] if found else None  # type: ignore[attr-defined]

    @on(Rows.Moved)
    def _moved(self) -> None:
        entry = self._under_cursor()
        self.query_one(Panel).show(self._paras(entry) if entry else [])

    def _paras(self, entry: Entry) -> list[Para]:
        words, lang = self.words, self.words.lang
        given = self.deal.answers.get(entry.key)
        said, style = answer_told(words, given)
        paras = [Para(entry.name.get(lang), "heading"), Para(said, style)]
        if given is not None and given.note:
            paras.append(Para(given.note, "", words("dialogs.answer-why") + "  ", "accent"))
        if given is not None:
            told = words("deal.recorded", by=given.by or "-", at=local_time(given.at))
            paras.append(Para(told, "muted"))
        if entry.text:
            paras += [BLANK, Para(entry.text.get(lang))]
        return paras + [Para(point.get(lang), "", "- ") for point in entry.points]

    @on(Rows.Opened)
    def _opened(self) -> None:
        self.action_answer()

    def action_answer(self) -> None:
        """Answer the question."""
        if (entry := self._under_cursor()) is not None:
            question_forms.answer(self.behind, entry.key)
