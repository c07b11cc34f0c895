"""Deals on disk: atomic files, locks, history, quarantine, index."""
