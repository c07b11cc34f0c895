"""A kind of document: its name, the folder it lies in, and its model, which is loaded when one is first opened.

What only lists documents needs no model, and so no pydantic.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from salescoach.document.models import Document

D = TypeVar("D", bound="Document")
"""A kind's model."""


class Kind(Generic[D]):
    """What is to be known of a kind of document to store it; `load` returns its model."""

    def __init__(
        self, name: str, folder: str, load: Callable[[], type[D]], *, lock_order: int = 0
    ) -> None:
        self.lock_order = lock_order
        """Documents of several kinds are locked in this order, so that nobody waits for somebody who waits for him."""
        self.name = name
        """What one is called in words and in names: `deal`, `customer`."""
        self.folder = folder
        """The name of the folder that they are in: `deals`, `customers`."""
        self._load = load

    def __repr__(self) -> str:
        return f"Kind({self.name!r})"

    @cached_property
    def model(self) -> type[D]:
        """The model of one; asking for it imports pydantic."""
        return self._load()
