"""What only an operation on a deal refuses."""

from __future__ import annotations

from salescoach.document.errors import DocumentError


class GateClosed(DocumentError):
    """A stage cannot be opened or closed yet; `missing` lists what to bring, or give a reason to go on.

    Each entry is a code as `coach.gates.Missing.code` writes it: `marker:<stage>/<side>`, `question:<key>`,
    `contact:<id>`, `field:<name>` or `item:<key>`.
    """

    def __init__(self, code: str, *, missing: tuple[str, ...], **params: object) -> None:
        super().__init__(code, **params)
        self.missing = missing
