"""What a fault did to the store, as numbers that must be nought, and the table of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

HEAD = "| promise | tried | lost | corrupt | silent |\n|---|---:|---:|---:|---:|"
_SHOWN = 20


@dataclass(slots=True)
class Tally:
    """How often one promise was tried and how often it was broken, and in which way."""

    promise: str
    tried: int = 0
    lost: int = 0
    """Something that was told to be saved, or was only kept, is gone."""
    corrupt: int = 0
    """A torn file, an unreadable history, a lock that nobody holds and nobody gets."""
    silent: int = 0
    """Something failed and nobody was told in a sentence: exit code 0, or a traceback."""
    skipped: str = ""
    """Why this could not be tried here; empty when it was."""
    stories: list[str] = field(default_factory=list)
    """What was seen each time, the first few of them."""

    def blame(self, what: str, story: str, times: int = 1) -> None:
        """Count a broken promise: `what` is `lost`, `corrupt` or `silent`."""
        setattr(self, what, getattr(self, what) + times)
        if len(self.stories) < _SHOWN:
            self.stories.append(f"{what}: {story}")

    def check(self, kept: bool, what: str, story: str) -> bool:
        """Count a broken promise unless it was kept; return whether it was."""
        if not kept:
            self.blame(what, story)
        return kept

    def add(self, other: Tally) -> None:
        """Count what another tally of the same promise counted."""
        self.tried += other.tried
        for what in ("lost", "corrupt", "silent"):
            setattr(self, what, getattr(self, what) + getattr(other, what))
        self.skipped = self.skipped or other.skipped
        self.stories = (self.stories + other.stories)[:_SHOWN]

    @property
    def broken(self) -> int:
        """How often the promise was broken."""
        return self.lost + self.corrupt + self.silent

    def line(self) -> str:
        """Return the table's row."""
        if self.skipped and not self.tried:
            return f"| {self.promise} | not here: {self.skipped} | | | |"
        numbers = " | ".join(f"{n:,}" for n in (self.tried, self.lost, self.corrupt, self.silent))
        return f"| {self.promise} | {numbers} |"

    def to_json(self) -> str:
        """Return the tally as one line, for a parent process."""
        return json.dumps(asdict(self))


def from_json(line: str) -> Tally:
    """Return the tally that a child process wrote."""
    return Tally(**json.loads(line))


def table(tallies: Iterable[Tally]) -> str:
    """Return the whole table."""
    return "\n".join((HEAD, *(tally.line() for tally in tallies)))
