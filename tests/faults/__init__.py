"""Proves what the store promises: the real program under kills, failing calls, power cuts, full disks, locks and damage."""
