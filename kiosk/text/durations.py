"""Lengths of time in seconds, for sentences that say how long."""

MINUTE_S = 60
HOUR_S = 60 * MINUTE_S
DAY_S = 24 * HOUR_S
MINUTES_A_DAY = 24 * 60
SLOW_S = 2
"""Reading a card longer than this is worth counting aloud (UX 4.7)."""
