"""Looks at what an edition of one's own changes for the deals, for `playbook validate` and `doctor`."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from salescoach.cli.context import Context
    from salescoach.deal.models import Deal
    from salescoach.playbook.models import Playbook

_NAMED = 5
"""Deals that are named; of the others only the number is told."""


def concern_lines(context: Context, playbook: Playbook, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield what there is to look at in the edition in `folder`, with the deals it touches, and what to do about it.

    Nothing comes of the packaged edition.
    """
    from salescoach.playbook.compare import concerns
    from salescoach.playbook.load import load, packaged

    if folder == packaged():
        return
    words = context.words
    found = concerns(playbook, load(packaged()), words)
    deals = list(_deals(context))
    told = set()
    for each in found:
        text = each.tell(words)
        if each.stage or each.items:
            told.add(each.stage)
            touched = [
                deal
                for deal in deals
                if each.stage in deal.stages or each.items & deal.items.keys()
            ]
            text = _touched(context, text, touched)
        yield text, each.mend(words)
    known = {stage.key for stage in playbook.stages} | told
    for key in sorted({key for deal in deals for key in deal.stages} - known):
        text = words("doctor.stage-retired", key=key)
        touched = [deal for deal in deals if key in deal.stages]
        yield _touched(context, text, touched), words("doctor.mend-stage-retired")


def _deals(context: Context) -> Iterator[Deal]:
    from salescoach.store.errors import StoreError

    store = context.workspace.store
    with suppress(StoreError):  # told where the deals themselves are looked at
        for key in store.ids():
            with suppress(StoreError):
                yield store.read(key)


def _touched(context: Context, concern: str, deals: list[Deal]) -> str:
    if not deals:
        return context.words("doctor.untouched", concern=concern)
    names = [f"{deal.customer} / {deal.name}" for deal in deals[:_NAMED]]
    more = [".."] if len(deals) > _NAMED else []
    told = ", ".join([*names, *more])
    return context.words("doctor.touched", concern=concern, count=len(deals), names=told)
