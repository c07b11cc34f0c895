"""`salescoach answer`: the four questions that judge an opportunity, shown or answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.deal.models import Deal
    from salescoach.words import Words


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the deal, the question and the answer."""
    parser.add_argument("deal", metavar="DEAL", help=words("help.deal"))
    parser.add_argument("question", metavar="QUESTION", nargs="?", help=words("help.question"))
    parser.add_argument(
        "answer", nargs="?", choices=("yes", "no", "unsure"), help=words("help.answer-arg")
    )
    parser.add_argument("--note", "-n", metavar="TEXT", default="", help=words("help.answer-note"))
    parser.add_argument("--json", action="store_true", help=words("help.json"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Answer a question, or show all of them with their answers."""
    if args.question is None:
        return _show(context, context.read(args.deal), as_json=args.json)
    from salescoach.cli.parser import UsageError
    from salescoach.cli.person_fields import entry_of
    from salescoach.deal import stages

    if args.answer is None:
        raise UsageError(context.words("cli.answer-needs"))
    questions = context.playbook.tools.opportunity.questions
    asked = args.question
    if asked.isdecimal() and 1 <= int(asked) <= len(questions):
        asked = questions[int(asked) - 1].key
    key = entry_of(context, "question", questions, asked)
    context.edit(
        args.deal, lambda deal, stamp: stages.answer(deal, key, args.answer, stamp, note=args.note)
    )
    name = next(entry.name.get(context.lang) for entry in questions if entry.key == key)
    answer = context.words(f"cli.answer-{args.answer}")
    context.tell_done(context.words("cli.answered", question=name, answer=answer))
    return 0


def _show(context: Context, deal: Deal, *, as_json: bool) -> int:
    from salescoach.deal.stages import has_basis

    questions = context.playbook.tools.opportunity.questions
    if as_json:
        entries = [
            {
                "question": entry.key,
                "name": entry.name.get(context.lang),
                "answer": given.answer if (given := deal.answers.get(entry.key)) else None,
                "note": given.note if given else "",
                "has_basis": has_basis(given),
            }
            for entry in questions
        ]
        context.out.json("answers", {"deal": deal.id, "answers": entries})
        return 0
    write_answers(context, deal)
    return 0


def write_answers(context: Context, deal: Deal) -> None:
    """Write the questions with the deal's answers and what they rest on."""
    from salescoach.deal.stages import has_basis

    for number, entry in enumerate(context.playbook.tools.opportunity.questions, 1):
        given = deal.answers.get(entry.key)
        answer = context.words(f"cli.answer-{given.answer if given else 'none'}")
        context.out.line(
            f"{number} {entry.name.get(context.lang)} ",
            (f"({entry.key})", "dim"),
            ": ",
            (answer, "bold"),
        )
        if given and given.note:
            context.out.block(given.note, indent=4)
        if given and given.answer == "yes" and not has_basis(given):
            context.out.line((context.words("cli.no-basis"), "warning"), indent=4)
