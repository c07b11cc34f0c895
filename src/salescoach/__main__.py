"""Runs the program as `python -m salescoach`."""

import sys

# `python -m` looks for modules in the current folder first, where a `json.py` may lie that is none of ours. What the
# interpreter itself imports before this line only `python -P` protects.
if not sys.flags.safe_path and sys.path:
    del sys.path[0]
sys.path[:] = [place for place in sys.path if place not in {"", "."}]

from salescoach.cli import main  # noqa: E402 - the path comes first

if __name__ == "__main__":
    sys.exit(main())
