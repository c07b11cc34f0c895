"""What tells whether a deal, or the customer it is read with, is another than before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from salescoach.store.files.atomic import Sign


class Signs(NamedTuple):
    """The signs of a deal's file and of its customer's; None for the customer where there is no such file."""

    deal: Sign
    customer: Sign | None
