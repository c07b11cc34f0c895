"""The form for a new deal: three fields are enough, the rest has defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.tui.customer.choosing import customer_field
from salescoach.tui.deal.forms import check_deal, deal_doubts
from salescoach.tui.forms import currency_field, day_field, read_amount, read_currency, read_date
from salescoach.tui.screens.choice import Option
from salescoach.tui.screens.form import Field, FormDialog, opens_form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from salescoach.tui.app import CoachApp


@opens_form
def new_deal(coach: CoachApp, typed: Mapping[str, str] | None = None) -> None:
    """Ask for a new deal, save it and open it. A deal that is already under way starts at its own stage.

    `typed` are texts by field name that somebody typed before.
    """
    words, workspace = coach.words, coach.workspace

    def sent(values: dict[str, str] | None) -> None:
        if values is not None:
            given: dict[str, object] = {
                **values,
                "amount": read_amount(coach, values, "amount"),
                "close_on": read_date(coach, values, "close_on"),
                "currency": read_currency(coach, values, workspace.settings.currency),
            }
            coach.create_deal(given)

    stages = [
        Option(stage.key, f"{number} {stage.name.get(words.lang)}", stage.purpose.get(words.lang))
        for number, stage in enumerate(workspace.playbook.stages, start=1)
    ]
    kinds = [
        Option(kind, words("dialogs.kind-" + kind), words(f"dialogs.kind-{kind}-note"))
        for kind in ("complex", "simple")
    ]
    fields = [
        customer_field(coach),
        Field(
            "name", words("dialogs.deal-name"), hint=words("dialogs.deal-name-hint"), required=True
        ),
        Field("amount", words("dialogs.amount"), hint=words("dialogs.amount-hint")),
        currency_field(coach, workspace.settings.currency),
        day_field(coach, "close_on", words("dialogs.close-on")),
        Field("stage", words("dialogs.stage"), stages[0].value, options=stages),
        Field("kind", words("dialogs.kind"), "complex", options=kinds),
        Field("owner", words("dialogs.owner"), workspace.settings.me),
    ]
    form = FormDialog(
        words("dialogs.new-deal"),
        fields,
        lambda values: check_deal(coach, values, workspace.settings.currency),
        typed=typed or {},
        doubts=lambda values: deal_doubts(coach, values),
    )
    coach.push_screen(form, sent)
