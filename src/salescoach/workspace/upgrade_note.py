"""The note in the state folder that tells, without a look at any deal, whether a home was upgraded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from salescoach.store.errors import save_failed
from salescoach.store.files.atomic import make_folder, replace_file

if TYPE_CHECKING:
    from salescoach.paths import Paths
    from salescoach.store.documents import DocumentStore

SCHEMA: Final = 2
"""The schema of deals that a home is brought to."""


class UpgradeNote:
    """What the state folder says of the upgrade: whether it is done, and where the backup is."""

    def __init__(self, paths: Paths) -> None:
        self.path = paths.state / "upgrade.json"

    def is_done(self) -> bool:
        """Say whether the home has the form of this program, as far as one look here tells."""
        note = self.read()
        return note.get("schema") == SCHEMA and note.get("done") is True

    def read(self) -> dict[str, Any]:
        """Return it; empty where there is none or it says nothing."""
        try:
            found = json.loads(self.path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def write(self, **told: object) -> None:
        """Write it durably. Raises SaveFailed."""
        data = json.dumps({"schema": SCHEMA, **told}, indent=2).encode()
        try:
            make_folder(self.path.parent)
            replace_file(self.path, data)
        except OSError as error:
            raise save_failed(self.path, error) from error

    def forget(self) -> None:
        """Say nothing any more, since deals of an earlier program may have come in. Raises SaveFailed."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise save_failed(self.path, error) from error


def may_be_old(store: DocumentStore[Any]) -> bool:
    """Say, without a look into any deal, whether an earlier program may have saved some of the deals of `store`."""
    return not UpgradeNote(store.paths).is_done() and bool(store.ids())
