"""What random branches of a document are made of, for each kind of it: the tests of merging run over all kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Generic, Literal, NamedTuple

from hypothesis import strategies as st

from salescoach.document.errors import DocumentError
from salescoach.document.models import AnyDocument, Conflict, Document
from salescoach.document.stamp import Stamp
from tests.build import NOW, uid

Step = tuple[int, int, int]
"""Which doing, with which of its values, how many minutes after NOW."""
Doing = Callable[[AnyDocument, Stamp, int], AnyDocument]
Settle = Callable[[AnyDocument, str, Literal["kept", "lost"], Stamp], AnyDocument]
NUMBERS = ("schema_", "rev", "save", "versions", "ancestry")
MOST = 64

STEPS: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(st.integers(0, MOST - 1), st.integers(0, 8), st.integers(0, 5)), max_size=8
)


class Branches(NamedTuple, Generic[AnyDocument]):
    """One kind of document: where its branches start, what is done to it, and how it is looked at."""

    trunk: Callable[[], AnyDocument]
    doings: tuple[Doing[AnyDocument], ...]
    content: Callable[[AnyDocument], dict[str, Any]]
    """What is in a document but for its numbers."""
    settle: Settle[AnyDocument]
    conflicts: Callable[[AnyDocument], Mapping[str, Conflict]]
    model: type[AnyDocument]

    def branch(self, steps: list[Step], who: str, start: AnyDocument | None = None) -> AnyDocument:
        """Return what `who` made of the trunk; what is refused was not done."""
        document = start or self.trunk()
        for number, (which, value, minutes) in enumerate(steps):
            by = Stamp(NOW + timedelta(minutes=minutes), who, "coach", uid(f"{who} {number}"))
            try:
                document = self.doings[which % len(self.doings)](document, by, value)
            except (DocumentError, KeyError):
                continue
        return document


def bare_content(document: Document) -> dict[str, Any]:
    """Return what is in one document but for its numbers."""
    fields = type(document).model_fields
    return {name: getattr(document, name) for name in fields if name not in NUMBERS} | (
        document.model_extra or {}
    )
