"""What an operation on a document refuses, as codes that any front end can put into words."""

from __future__ import annotations


class DocumentError(Exception):
    """A refusal with a `code` (a word of the area `errors`) and the `params` its sentence needs."""

    area = "errors"

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return f"{self.code} {self.params}"


class InvalidValue(DocumentError):
    """A value that does not fit its field: `field`, `value` and how to write it."""


class NotThere(DocumentError):
    """Something that does not exist, such as an item or a person; `near` lists the nearest names."""

    def __init__(self, code: str, *, near: tuple[str, ...] = (), **params: object) -> None:
        super().__init__(code, **params)
        self.near = near


class TooNew(DocumentError):
    """A document of a schema that this program does not know: it may be shown, never written."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__("too-new", found=found, known=known)
        self.found = found
        self.known = known


class MergeFailed(DocumentError):
    """The two sides make no valid document together: `code` and `params` say why, and neither side is changed."""


class Clash(MergeFailed):
    """Both sides changed what stands at `path`, and the merge was to be done without leaving a conflict."""

    def __init__(self, path: tuple[str, ...]) -> None:
        super().__init__("merge-clash", place=".".join(path)[:80])
        self.path = path
