"""Sends the running app what no keyboard sends: bytes of other encodings, broken sequences, cut-off pastes, noise."""

from __future__ import annotations

import os
import random
import time
from typing import Final

from tests.faults.app import RunningApp
from tests.faults.program import a_deal, home
from tests.faults.tally import Tally

PROMISE: Final = "Whatever bytes arrive at the terminal, the app lives and answers the next key"
SHORT, LONG = 40, 4_000
_ESCAPE: Final = b"\x1b"


def junk(chance: random.Random) -> bytes:
    """Return something that a terminal may send when it is of another encoding, broken or hostile."""
    number = chance.choice((0, 1, 7, 97, 200, 55296, 1114111, 1114112, 10**12, 10**40))
    numbers = ";".join(
        str(chance.choice((0, 1, 2, 5, 99, 2048, number))) for _ in range(chance.randrange(1, 6))
    )
    made = chance.choice(
        (
            chance.randbytes(chance.randrange(1, 40)),
            "中文客户，北京".encode(chance.choice(("gbk", "utf-16"))),
            f"\x1b[{number}u".encode(),
            f"\x1b[{numbers}{chance.choice('uABCDHPQRSt~cnMm')}".encode(),
            f"\x1b[<{numbers}{chance.choice('Mm')}".encode(),
            f"\x1b[?{numbers}{chance.choice(('$y', 'c', 'u', 'h'))}".encode(),
            f"\x1b[48;{numbers}t".encode(),
            b"\x1b[M" + chance.randbytes(3),
            b"\x1b]11;rgb:ffff/ffff/ffff" + chance.choice((b"\x07", b"\x1b\\", b"")),
            b"\x1bP1$r0m\x1b\\",
            b"\x1b[200~" + chance.randbytes(chance.randrange(30)) + b"\x1b[201~",
            b"\x1b[201~",
            b"\x1b" * chance.randrange(1, 9),
            "\x1b[200~客户".encode()[: chance.randrange(7, 12)],
        )
    )
    # What ends the program is no noise: Ctrl+Q, Ctrl+C and, in lists, q; Ctrl+Z stops it.
    return made.translate(None, b"qQ\x03\x11\x1a")


def send(app: RunningApp, data: bytes) -> None:
    """Send bytes as they are and record what comes back; a program that has ended takes nothing."""
    try:
        os.write(app.terminal.fd, data)
    except OSError:
        app.terminal.ended = True
    app.terminal.read(quiet=0.03, limit=0.3)


def alive(app: RunningApp) -> bool:
    """Say whether the program runs and shows something else after a key, in whatever screen the noise has led it."""
    for key in (b"z", b"\x7f", _ESCAPE, b"?", b"", _ESCAPE, b"\x1b[B", b"2", b"x", b"?"):
        if not key:
            # A paste that was cut off is given a moment to go on.
            time.sleep(1.3)
        before = app.text()
        send(app, key)
        app.terminal.read(quiet=0.2, limit=1)
        if app.terminal.ended:
            return False
        if key and app.text() != before:
            return True
    return False


def run(size: int) -> Tally:
    """Send `size` bursts of noise, to a fresh program every hundred."""
    tally = Tally(PROMISE)
    chance = random.Random(size)
    with home() as place:
        a_deal(place)
        while tally.tried < size:
            sent = [junk(chance) for _ in range(min(100, size - tally.tried))]
            tally.tried += len(sent)
            with RunningApp(place) as app:
                for data in sent:
                    send(app, data)
                tally.check(alive(app), "lost", f"the app is gone after {sent!r}")
    return tally
