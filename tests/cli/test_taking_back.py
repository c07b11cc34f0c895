"""`undo` in the shell tells all that it takes back, and names what cannot be taken back."""

from __future__ import annotations

from tests.build import uid
from tests.cli.conftest import Run, user_id


def test_an_undo_tells_how_much_was_taken_back_at_once(run: Run, deal: str) -> None:
    run("check", deal, "1.1.1", "1.1.2", "1.2.1")
    told = run("undo", deal).err
    assert "(and 2 more with it)" in told
    assert "(and 2 more with it)" in run("redo", deal).err
    run("note", deal, "one thing")
    assert "more with it" not in run("undo", deal).err


def test_what_cannot_be_taken_back_is_named(run: Run, deal: str) -> None:
    zhou = user_id(run)
    run("config", "set", "me", "Zhou")
    run("edit", deal, "--amount", "5")
    run("config", "set", "me", "Wu")
    run("config", "set", "user_id", uid("Wu"))
    run("edit", deal, "--amount", "7")
    run("config", "set", "me", "Zhou")
    run("config", "set", "user_id", zhou)
    told = run("undo", deal, code=4).err
    assert "“Deal changed: amount" in told
    assert "→ 5” cannot be undone or redone by itself" in told
