"""Runs the program as `python -m salescoach`."""

import sys

from salescoach.cli import main

if __name__ == "__main__":
    sys.exit(main())
