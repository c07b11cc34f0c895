"""An answer, typed: yes, no or unsure to one of the questions that judge the opportunity, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from salescoach.deal import stages
from salescoach.document.errors import DocumentError
from salescoach.tui.forms import check_lengths
from salescoach.tui.screens.choice import Option
from salescoach.tui.screens.form import Field, FieldError, FormDialog, Values, opens_form

if TYPE_CHECKING:
    from salescoach.tui.deal.changes import DealChanges

Word = Literal["yes", "no", "unsure"]


@opens_form
def answer(screen: DealChanges, key: str) -> None:
    """Ask for the answer to the question `key`; a yes needs its basis."""
    words, coach, base = screen.words, screen.coach, screen.deal
    question = next(one for one in screen.playbook.tools.opportunity.questions if one.key == key)
    before = base.answers.get(key)

    def check(values: Values) -> None:
        check_lengths(coach, values)
        try:
            word, stamp = cast("Word", values["answer"]), coach.workspace.stamp()
            stages.answer(base, key, word, stamp, values["note"])
        except DocumentError as error:
            raise FieldError("note", coach.workspace.explain(error, words)) from None

    def sent(values: dict[str, str] | None) -> None:
        if values is not None:
            stamp, word = coach.workspace.stamp(), cast("Word", values["answer"])
            screen.change(lambda deal: stages.answer(deal, key, word, stamp, values["note"]), base)

    options = [Option(word, words("deal.answer-" + word)) for word in ("yes", "no", "unsure")]
    now = before.answer if before else "unsure"
    fields = [
        Field("answer", words("dialogs.answer"), now, options=options),
        Field("note", words("dialogs.answer-why"), before.note if before else "", lines=3),
    ]
    note = question.text.get(words.lang) if question.text else ""
    form = FormDialog(question.name.get(words.lang), fields, check, note=note)
    screen.app.push_screen(form, sent)
