"""How fast observed demand grows, told apart from a burst of joins."""

import math
from typing import NamedTuple

_FAST, _MEDIUM, _SLOW = 60.0, 180.0, 900.0
"""Time constants of three moving averages, seconds."""
_MOST = 1.0
"""Headroom is at most this share of demand: demand doubling within one lead time."""


class Growth(NamedTuple):
    """Three exponential moving averages of demand, participants, as of `at`.

    A straight line of slope g leaves an average with time constant T behind by g * T, so the
    difference of two averages is g times the difference of their constants. Growth is the lesser of
    two such slopes, a quick and a slow one: a burst at the full hour shows in the first only, a
    decline in either ends it.
    """

    at: int
    fast: float
    medium: float
    slow: float

    @classmethod
    def begin(cls, demand: float, *, now: int) -> "Growth":
        """Begin with no growth."""
        return cls(now, demand, demand, demand)

    def seen(self, demand: float, *, now: int) -> "Growth":
        """Take in demand at `now`."""
        seconds = now - self.at
        if seconds <= 0:
            return self
        return Growth(
            now,
            _towards(self.fast, demand, seconds / _FAST),
            _towards(self.medium, demand, seconds / _MEDIUM),
            _towards(self.slow, demand, seconds / _SLOW),
        )

    @property
    def per_second(self) -> float:
        """Participants per second; never below zero."""
        quick = (self.fast - self.medium) / (_MEDIUM - _FAST)
        steady = (self.medium - self.slow) / (_SLOW - _MEDIUM)
        return max(0.0, min(quick, steady))

    def headroom(self, demand: float, *, seconds: float) -> float:
        """Return the participants that growth adds to `demand` within so many seconds, bounded."""
        return min(self.per_second * seconds, _MOST * demand)


def _towards(average: float, value: float, lapse: float) -> float:
    return value + (average - value) * math.exp(-lapse)
