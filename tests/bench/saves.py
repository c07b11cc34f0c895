"""What it takes until an edit is safely on the disk, beside a bare durable write of the same bytes."""

from __future__ import annotations

import gc
import os
import time
from pathlib import Path

from salescoach.deal import notes
from tests.bench.home import Home
from tests.bench.report import Figure, paired
from tests.bench.watch import LINUX, Watch

_BARE = "bare durable write"
_TICK, _ENTER = b" ", b"\r"
_WARM = 2
"""Ticks that come before those that count."""


def bare(data: bytes, folder: Path) -> float:
    """Write `data` durably into `folder`, in place of what was written there before, and return the milliseconds."""
    folder.mkdir(exist_ok=True)
    draft, target = str(folder / "draft"), str(folder / "deal.json")
    began = time.perf_counter()
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(file, data)
    os.fsync(file)
    os.close(file)
    os.replace(draft, target)  # noqa: PTH105 - the bare calls are what is measured
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    return (time.perf_counter() - began) * 1000


def save(home: Home, runs: int, target: float) -> Figure:
    """Measure a durable edit, the old version kept, against a bare durable write of the bytes that it leaves."""
    workspace = home.ready()
    path = min(workspace.paths.deals.glob("*.json"))

    def edit() -> float:
        stamp = workspace.stamp()
        began = time.perf_counter()
        workspace.edit(path.stem, lambda deal: notes.add(deal, stamp, "seen"))
        return (time.perf_counter() - began) * 1000

    def beside() -> float:
        return bare(path.read_bytes(), home.place / "bare")

    gc.disable()  # as the shell's commands do, and the app while anybody types
    try:
        figure = paired("a note saved, the old version kept", runs, edit, _BARE, beside, target)
    finally:
        gc.enable()
    workspace.settle()
    return figure


def tick(home: Home, runs: int) -> Figure:
    """Measure from the key that ticks an item in the app until the deal is durably replaced."""
    label = "a tick in the app, key to safely on the disk"
    if not LINUX:
        return Figure(label, beside=_BARE, note="needs Linux")
    app = home.started(b"2", _ENTER)
    folder = home.ready().paths.deals
    warm = _WARM if home.warm else 0
    mine, beside = [], []
    with Watch(folder) as watch:
        for number in range(2 * (runs + warm)):
            watch.forget()
            took = app.press_until(_TICK, watch.fd, watch.durable, 10)
            app.read(quiet=0.3 * home.patience, limit=5)
            # Every other press takes the tick back.
            if number % 2 == 0:
                mine.append(took)
                beside.append(bare((folder / watch.replaced).read_bytes(), home.place / "bare"))
    app.close()
    return Figure(label, mine[warm:], _BARE, beside[warm:])
