"""Whatever bytes arrive at the terminal, the app lives: a real one in a pseudo-terminal."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from salescoach.paths import under
from salescoach.store.care.recovery import left_behind
from tests.faults.app import RunningApp
from tests.faults.program import a_deal
from tests.faults.terminal import alive, junk, send

HOSTILE = {
    "GBK": "中文客户".encode("gbk"),
    "Latin-1": "Müller é".encode("latin-1"),
    "a key beyond Unicode": b"\x1b[1114112u",
    "a key beyond any number": b"\x1b[999999999999u",
    "a surrogate as a key": b"\x1b[55296u\x1b[97;1;55296u",
    "a thousand digits": b"\x1b[" + b"9" * 1000 + b"u",
    "a screen as large as a town": b"\x1b[48;99999999;99999999;1;1t",
    "no screen at all": b"\x1b[48;0;0;0;0t\x1b[<0;3;3M\x1b[<0;3;3m",
    "a click far away": b"\x1b[<0;999999999;999999999M\x1b[<0;999999999;999999999m",
    "an old mouse": b"\x1b[M\xff\xff\xff",
    "a paste cut off": b"\x1b[200~half a text",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home with a deal for all of them: nothing here changes it."""
    folder = tmp_path_factory.mktemp("terminal") / "home"
    a_deal(folder)
    return folder


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A home for a test that leaves something half typed."""
    a_deal(tmp_path / "fresh")
    return tmp_path / "fresh"


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_the_app_lives_whatever_the_terminal_sends(name: str, place: Path) -> None:
    with RunningApp(place) as app:
        send(app, HOSTILE[name])
        assert alive(app)


@pytest.mark.slow
def test_the_app_lives_through_noise(place: Path) -> None:
    with RunningApp(place) as app:
        chance = random.Random(8)
        for _ in range(60):
            send(app, junk(chance))
        assert alive(app)


@pytest.mark.slow
def test_a_paste_with_escapes_and_its_own_end_marker_stays_text(fresh: Path) -> None:
    with RunningApp(fresh) as app:
        app.press(b"n")
        app.shows("New deal")
        inside = b"Glo\x1b[31mbex\x1b[201~\x1b\x1b\x1b[1~ \x1bq Ltd\x1b[Z\t\x11"
        send(app, b"\x1b[200~" + inside + b"\x1b[201~")
        app.shows("Globex")
        send(app, b"!")
        app.shows("Ltd!")


READER_FAILS = """
from salescoach.tui import driver
feed = driver.TerminalInput.feed
def failing(self, data, now):
    if b"#" in data:
        raise RuntimeError("华鼎数据 13812345678")
    return feed(self, data, now)
driver.TerminalInput.feed = failing
"""


@pytest.mark.slow
def test_what_is_half_typed_survives_a_reading_thread_that_always_fails(home: Path) -> None:
    a_deal(home)
    with RunningApp(home, setup=READER_FAILS) as app:
        app.press(b"n")
        app.shows("New deal")
        send(app, b"Half typed")
        app.shows("Half typed")
        for _ in range(200):
            send(app, b"#")
            if app.terminal.ended:
                break
        assert app.terminal.ended
    drafts = left_behind(under(home).recovery)
    assert [text for draft in drafts for _, text in draft.fields] == ["Half typed"]


APP_FAILS = """
from salescoach.tui.app import CoachApp
def failing(self):
    customer = "华鼎数据 13812345678"
    raise RuntimeError(customer)
CoachApp.on_unreadable = failing
"""


@pytest.mark.slow
def test_a_crash_is_one_line_and_a_report_without_contents(fresh: Path) -> None:
    with RunningApp(fresh, setup=APP_FAILS) as app:
        app.press(b"n")
        app.shows("New deal")
        send(app, b"Half typed")
        app.shows("Half typed")
        send(app, b"\xff")
        app.terminal.read(quiet=5, limit=20)
        code = app.terminal.wait()
        written = b"".join(data for _, data in app.terminal.pieces).decode("utf-8", "replace")
    told = written.rpartition("\x1b[?1049l")[2]
    assert code == 1
    assert "RuntimeError" in told
    assert len([line for line in told.splitlines() if line.strip("\x1b[?0125hl4 \r")]) == 1, told
    assert "Traceback" not in written
    assert "138123" not in written
    (report,) = under(fresh).crashes.iterdir()
    assert str(report) in told
    assert "138123" not in report.read_text("utf-8")
    assert "failing" in report.read_text("utf-8")
    (draft,) = left_behind(under(fresh).recovery)
    assert draft.fields[0][1] == "Half typed"
