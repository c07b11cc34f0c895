"""The shell commands; `main` answers `--version` itself and hands everything else to the dispatcher."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (without the program's name; the process's own by default).

    Returns the exit code: 0 fine, 1 failed, 2 usage, 3 not found, 4 conflict, 5 locked, 6 store damaged, 130
    interrupted, 141 the reader went away. Nothing is raised.
    """
    # Not list(...): once the commands of these names are imported, `list`, `next` and `open` mean them here.
    args = [*(sys.argv[1:] if argv is None else argv)]
    if sys.stdin is None or sys.stdout is None or sys.stderr is None:
        from salescoach.cli.streams import fill

        fill()
    if args in (["--version"], ["-V"]):
        from salescoach import __version__

        try:
            sys.stdout.write(f"salescoach {__version__}\n")
            sys.stdout.flush()
        except BrokenPipeError:
            return reader_gone()
        except OSError:
            pass  # told below, with the language and the reason
        else:
            return 0
    from salescoach.cli.dispatch import run

    if args[:1] not in ([], ["open"], ["demo"]):
        return run(args)
    # What is typed while the app is on its way is for the app: the sooner the terminal keeps its hands off it the better.
    from salescoach.tui.raw import ask_for_keys, give_back

    ask_for_keys()
    try:
        return run(args)
    finally:
        give_back()


def reader_gone() -> int:
    """Point stdout at nothing, so that the interpreter's last flush stays quiet, and return the exit code."""
    import os
    from contextlib import suppress

    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 141
