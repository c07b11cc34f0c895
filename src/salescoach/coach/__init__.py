"""Reasoning on (playbook, deal, today): progress, gates, advice; pure, one module per subject."""
