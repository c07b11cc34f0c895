"""`salescoach playbook`: the method as data: shown, checked, found, copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from salescoach.cli.context import Context
    from salescoach.playbook.models import Move, Playbook, Stage, Texts
    from salescoach.words import Words


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the things that can be done with a playbook."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    parsers = {
        name: verbs.add_parser(
            name, help=words(f"help.playbook-{name}"), description=words(f"help.playbook-{name}")
        )
        for name in ("show", "validate", "path", "copy")
    }
    parsers["show"].add_argument(
        "--stage", "-s", metavar="STAGE", help=words("help.playbook-stage")
    )
    parsers["validate"].add_argument(
        "path", metavar="PATH", nargs="?", help=words("help.playbook-folder")
    )
    parsers["copy"].add_argument("target", metavar="DIR", help=words("help.playbook-target"))
    for name in ("show", "path"):
        parsers[name].add_argument("--json", action="store_true", help=words("help.json"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Do what the verb says."""
    if args.verb == "show":
        return _show(context, args)
    if args.verb == "validate":
        return _validate(context, args)
    folder = _folder(context)
    if args.verb == "copy":
        from pathlib import Path

        from salescoach.playbook.load import copy_edition

        copy_edition(folder, Path(args.target))
        context.out.line(str(args.target))
        context.out.tell(context.words("cli.playbook-copied", user=str(context.paths.playbook)))
    elif args.json:
        context.out.json("playbook-path", {"path": str(folder)})
    else:
        context.out.line(str(folder))
    return 0


def _folder(context: Context) -> Path:
    from salescoach.playbook.load import find

    return find(context.playbook_path, context.paths.playbook)


def _validate(context: Context, args: argparse.Namespace) -> int:
    from pathlib import Path

    from salescoach.playbook.errors import PlaybookInvalid
    from salescoach.playbook.load import load

    folder = Path(args.path) if args.path else _folder(context)
    words = context.words
    try:
        playbook = load(folder)
    except PlaybookInvalid as invalid:
        for problem in invalid.errors:
            context.out.line(problem.line(words))
        context.out.tell((words("cli.playbook-invalid", count=len(invalid.errors)), "bad"))
        return 1
    from salescoach.cli.checkup_playbook import concern_lines

    for concern, mend in concern_lines(context, playbook, folder):
        context.out.line((words("cli.look-at"), "warning"), f" {concern}")
        context.out.line(f"{words('doctor.mend')} {mend}", indent=6)
    context.out.tell(
        (
            words(
                "cli.playbook-fine",
                id=playbook.id,
                version=playbook.version,
                stages=len(playbook.stages),
                moves=sum(len(stage.moves) for stage in playbook.stages),
                items=len(playbook.places),
            ),
            "good",
        )
    )
    return 0


def _show(context: Context, args: argparse.Namespace) -> int:
    from salescoach.playbook.dump import playbook_data, stage_data
    from salescoach.playbook.lookup import stage_number, stage_of

    playbook = context.playbook
    stage = stage_of(playbook, args.stage) if args.stage else None
    if args.json:
        if stage is not None:
            context.out.json("playbook-stage", {"stage": stage_data(playbook, stage)})
        else:
            context.out.json("playbook", {"playbook": playbook_data(playbook)})
        return 0
    if stage is not None:
        _write_stage(context, stage, stage_number(playbook, stage.key))
    else:
        _write_overview(context, playbook)
    return 0


def _write_overview(context: Context, playbook: Playbook) -> None:
    out, lang = context.out, context.lang
    out.line((playbook.name.get(lang), "bold"), f"  {playbook.id} {playbook.version}")
    out.block(playbook.summary.get(lang), indent=2)
    for text in playbook.points:
        out.line(f"- {text.get(lang)}", indent=2)
    for number, stage in enumerate(playbook.stages, 1):
        out.line()
        out.line((f"{number} {stage.name.get(lang)}", "bold"), f"  ({stage.key})")
        out.line(stage.purpose.get(lang), indent=2)
        _markers(context, stage)
        for at, move in enumerate(stage.moves, 1):
            out.line(
                f"{number}.{at} {move.name.get(lang)}",
                (f"  {context.words('cli.items', count=len(move.items))}", "dim"),
                indent=2,
            )


def _write_stage(context: Context, stage: Stage, number: int) -> None:
    out, lang = context.out, context.lang
    out.line((f"{number} {stage.name.get(lang)}", "bold"), f"  ({stage.key})")
    out.line(stage.purpose.get(lang), indent=2)
    for text in stage.points:
        out.line(f"- {text.get(lang)}", indent=2)
    _markers(context, stage)
    for at, move in enumerate(stage.moves, 1):
        out.line()
        _write_move(context, move, f"{number}.{at}")


def _markers(context: Context, stage: Stage) -> None:
    words, lang = context.words, context.lang
    context.out.line((f"{words('cli.entry')}: ", "dim"), stage.entry.text.get(lang), indent=2)
    context.out.line((f"{words('cli.exit')}: ", "dim"), stage.exit.text.get(lang), indent=2)


def _write_move(context: Context, move: Move, number: str) -> None:
    words, out, lang = context.words, context.out, context.lang
    out.line((f"{number} {move.name.get(lang)}", "bold"), f"  ({move.key})")
    out.line(move.purpose.get(lang), indent=2)
    sections: tuple[tuple[str, Texts], ...] = (
        ("how", move.how),
        ("pitfalls", move.pitfalls),
        ("questions", move.questions),
    )
    for title, texts in sections:
        out.line((words(f"cli.title-{title}"), "dim"), indent=2)
        for text in texts:
            out.line(f"- {text.get(lang)}", indent=4)
    out.line((words("cli.title-items"), "dim"), indent=2)
    for at, item in enumerate(move.items, 1):
        optional = "" if item.required else f" {words('cli.optional')}"
        out.line(
            f"{number}.{at} {item.text.get(lang)}", (f"{optional}  {item.key}", "dim"), indent=4
        )
        if item.short and (short := item.short.get(lang)):
            out.line((words("cli.short-form", text=short), "dim"), indent=10)
        if item.hint:
            out.line((item.hint.get(lang), "dim"), indent=10)
