"""How early capacity stood ready before it was needed, and how long it was missing."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from forecast.arrays import BoolArray, FloatArray, IntArray

HORIZON_SECONDS = 4 * 3600
"""Margins are told up to so much: what stood ready for longer was not ordered for this rise."""


def margins(required: IntArray, ready: IntArray, *, tick_seconds: int) -> FloatArray:
    """Return for each rise of `required` for how long enough had been ready by then, in seconds.

    Negative: for how long after it there was not. At most HORIZON_SECONDS either way; what was
    ready from the beginning counts as that, what never was until the run's end.
    """
    rises = np.flatnonzero(np.diff(required) > 0) + 1
    if not rises.size:
        return np.zeros(0)
    reach = HORIZON_SECONDS // tick_seconds
    level = required[rises][:, None]
    early = _first(_window(ready[::-1], ready.size - 1 - rises, reach) < level)
    late = _first(_window(ready, rises, reach) >= level)
    late = np.minimum(late, np.minimum(ready.size - rises, reach))
    return np.where(early > 0, early - 1, -late) * float(tick_seconds)


def longest_shortage_seconds(required: IntArray, ready: IntArray, *, tick_seconds: int) -> int:
    """Return the longest time without a break in which servers were missing."""
    short = np.concatenate(([0], (required > ready).astype(np.int64), [0]))
    begins, ends = np.flatnonzero(np.diff(short) > 0), np.flatnonzero(np.diff(short) < 0)
    return int((ends - begins).max(initial=0)) * tick_seconds


def _window(values: IntArray, starts: IntArray, reach: int) -> IntArray:
    """Return `reach` values from each start on, the last one going on past the end."""
    padded = np.pad(values, (0, reach), mode="edge")
    return sliding_window_view(padded, reach + 1)[starts]


def _first(hit: BoolArray) -> IntArray:
    """Return the first column that is true in each row, the number of columns if none is."""
    first: IntArray = np.where(hit.any(axis=1), hit.argmax(axis=1), hit.shape[1])
    return first
