"""A deal's screens: its checklist, and each of its parts."""
