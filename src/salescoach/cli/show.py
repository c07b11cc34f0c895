"""`salescoach show`: one deal as a whole, or one stage's checklist with its guidance, also as it stood on an earlier day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.coach.gates import MarkerStatus
    from salescoach.coach.progress import StageProgress
    from salescoach.deal.models import Deal
    from salescoach.playbook.models import Place
    from salescoach.words import Words

_HEADER = (
    "id",
    "rev",
    "name",
    "customer",
    "customer_id",
    "kind",
    "owner",
    "amount",
    "currency",
    "close_on",
    "status",
    "status_reason",
    "revisit_on",
    "signed_what",
    "signed_on",
    "signed_amount",
    "signed_currency",
    "archived",
    "created_at",
    "buying_phase",
)


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the deal, the stage and the form."""
    parser.add_argument("deal", metavar="DEAL", help=words("help.deal"))
    parser.add_argument("--stage", "-s", metavar="STAGE", help=words("help.show-stage"))
    parser.add_argument("--on", metavar="DATE", help=words("help.show-on"))
    parser.add_argument("--json", action="store_true", help=words("help.json"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Write the deal or the stage."""
    from salescoach.playbook.lookup import stage_of

    deal = context.read(args.deal)
    if args.on:
        deal = _on_day(context, deal, args.on)
    stage = stage_of(context.playbook, args.stage) if args.stage else None
    if args.json:
        only = stage.key if stage else None
        on = {"on": context.today.isoformat()} if args.on else {}
        context.out.json("deal", on | deal_json(context, deal, only))
        return 0
    from salescoach.cli.render import write_deal, write_stage
    from salescoach.deal.currencies import CODES, UnknownCurrency

    if deal.currency not in CODES:
        told = context.workspace.explain(UnknownCurrency(deal.currency, ()), context.words)
        context.out.tell((told, "warning"))

    if stage is not None:
        write_stage(context, deal, stage)
    else:
        write_deal(context, deal)
    return 0


def _on_day(context: Context, now: Deal, day: str) -> Deal:
    """Return the deal as it stood at the end of a day, which is the context's from then on, and say so.

    Raises InvalidValue for a day to come, NotMade where it was not made yet, NotTold where the events do not tell.
    """
    from salescoach.document.errors import InvalidValue
    from salescoach.document.rebuild import NotMade

    words, on = context.words, context.day(day, past=True)
    if on > context.today:
        raise InvalidValue("day-to-come", value=on.isoformat())
    context.today = on
    deal = context.workspace.as_of(now.id, on)
    if deal is None:
        raise NotMade(on, now.created_at)
    context.out.tell((words("cli.as-of", day=on.isoformat()), "dim"))
    if deal.customer_record is None and now.customer_record is not None:
        context.out.tell((words("cli.as-of-no-customer", customer=deal.customer), "warning"))
    return deal


def deal_json(context: Context, deal: Deal, only: str | None = None) -> dict[str, object]:
    """Return a deal with its stages as the playbook sees them; `only` names the one stage that is wanted."""
    from salescoach.cli.conflicts import conflicts_json
    from salescoach.cli.next import advice_json, today_steps
    from salescoach.cli.person_table import as_json as contact_json
    from salescoach.coach.progress import current_stage, deal_progress, retired, retired_stages

    playbook = context.playbook
    data = deal.model_dump(mode="json", by_alias=True)
    current = current_stage(playbook, deal)
    progress = deal_progress(playbook, deal)
    stages = [
        _stage_json(context, deal, entry)
        for entry in progress.stages
        if only in (None, entry.stage.key)
    ]
    head = {name: data[name] for name in _HEADER}
    head["stage"] = current.key if current else None
    head |= {
        name: getattr(progress, name)
        for name in ("moves_done", "moves_total", "items_done", "items_total")
    }
    shown: dict[str, object] = {"deal": head, "stages": stages}
    if only is None:
        steps = today_steps(context, deal)
        shown |= {
            "answers": data["answers"],
            "contacts": [
                contact_json(playbook, key, person) for key, person in deal.contacts.items()
            ],
            "actions": [{"id": key, **value} for key, value in data["actions"].items()],
            "notes": [{"id": key, **value} for key, value in data["notes"].items()],
            "phases": list(data["phases"].values()),
            "conflicts": conflicts_json(context, deal),
            "retired": list(retired(playbook, deal)),
            "retired_stages": retired_stages(playbook, deal),
            "promised": advice_json(context, steps.promised),
            "next": advice_json(context, steps.step),
        }
    return shown


def _stage_json(context: Context, deal: Deal, progress: StageProgress) -> dict[str, object]:
    from salescoach.coach.gates import gate
    from salescoach.deal.stages import stage_record

    stage, lang = progress.stage, context.lang
    record = stage_record(deal, stage.key)
    markers = gate(context.playbook, deal, stage.key)
    moves = []
    for move in progress.moves:
        places = [
            context.playbook.places[item.key] for item in move.move.items if deal.kind in item.kinds
        ]
        moves.append(
            {
                "number": move.number,
                "key": move.move.key,
                "name": move.move.name.get(lang),
                "done": move.done,
                "items": [_item_json(context, deal, place) for place in places],
            }
        )
    return {
        "number": progress.number,
        "key": stage.key,
        "name": stage.name.get(lang),
        "opened": record.opened.isoformat() if record.opened else None,
        "closed": record.closed.isoformat() if record.closed else None,
        "moves_done": progress.moves_done,
        "moves_total": progress.moves_total,
        "items_done": progress.items_done,
        "items_total": progress.items_total,
        "entry": _marker_json(context, markers.entry, stage.entry.text.get(lang))
        | record.entry.model_dump(mode="json"),
        "exit": _marker_json(context, markers.exit, stage.exit.text.get(lang))
        | record.exit.model_dump(mode="json"),
        "moves": moves,
    }


def _marker_json(context: Context, status: MarkerStatus, text: str) -> dict[str, object]:
    from salescoach.coach.tell import missing_text

    missing = [
        {
            "kind": lack.kind,
            "key": lack.key,
            "text": missing_text(context.words, context.playbook, lack),
        }
        for lack in status.missing
    ]
    return {"text": text, "met": status.met, "how": status.how, "missing": missing}


def _item_json(context: Context, deal: Deal, place: Place) -> dict[str, object]:
    from salescoach.coach.progress import item_status
    from salescoach.deal.items import state_of

    status = item_status(context.playbook, deal, place)
    kept = state_of(deal, place.item.key).model_dump(mode="json")
    return {
        "number": place.number,
        "key": place.item.key,
        "text": place.item.text.get(context.lang),
        "required": place.item.required,
        **kept,
        "state": status.state,
        "by_data": status.by_data,
        "check": status.detail or None,
        "lacking": list(status.check.lacking) if status.check and not status.check.met else [],
    }
