"""The smallest Textual app: what every figure is held against."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.events import Key
from textual.widgets import Static


class Minimal(App[None]):
    """One line that counts the keys."""

    count = 0

    def compose(self) -> ComposeResult:
        """Show the line."""
        yield Static("READY 0")

    def on_key(self, event: Key) -> None:
        """Change the line."""
        self.count += 1
        self.query_one(Static).update(f"READY {self.count}")


if __name__ == "__main__":
    Minimal().run()
