"""What an operation on a deal refuses, as codes that any front end can put into words."""

from __future__ import annotations


class DealError(Exception):
    """A refusal with a `code` (a word of the area `errors`) and the `params` its sentence needs."""

    area = "errors"

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return f"{self.code} {self.params}"


class InvalidValue(DealError):
    """A value that does not fit its field: `field`, `value` and how to write it."""


class NotThere(DealError):
    """A deal, item, stage, contact or action that does not exist; `near` lists the nearest names."""

    def __init__(self, code: str, *, near: tuple[str, ...] = (), **params: object) -> None:
        super().__init__(code, **params)
        self.near = near


class GateClosed(DealError):
    """A stage cannot be opened or closed yet; `missing` lists what to bring, or give a reason to go on.

    Each entry is a code as `coach.gates.Missing.code` writes it: `marker:<stage>/<side>`, `question:<key>`,
    `contact:<id>`, `field:<name>` or `item:<key>`.
    """

    def __init__(self, code: str, *, missing: tuple[str, ...], **params: object) -> None:
        super().__init__(code, **params)
        self.missing = missing


class TooNew(DealError):
    """A document of a schema that this program does not know: it may be shown, never written."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__("too-new", found=found, known=known)
        self.found = found
        self.known = known
