"""Rooms are not water: how their sizes spread, and how large the largest one gets.

Sizes are taken as geometric with the mean that is known (participants / rooms): P(size > k) =
(1 - 1/mean)^k. Real sizes with a heavier tail (webinars, all-hands) need the SFU's own measure of
its largest room instead.
"""

import math

import numpy as np

from forecast.arrays import FloatArray

TAIL = 1e-6


def room_sizes(mean_size: float) -> tuple[FloatArray, FloatArray]:
    """Return sizes and their probabilities, which add up to 1; `mean_size` is at least 1."""
    if mean_size <= 1.0:
        return np.ones(1), np.ones(1)
    stay = 1.0 - 1.0 / mean_size
    sizes = np.arange(1.0, math.ceil(math.log(TAIL) / math.log(stay)) + 1.0)
    chance = stay ** (sizes - 1.0)
    return sizes, chance / chance.sum()


def largest_room(mean_size: float, rooms: float, *, quantile: float = 0.95) -> float:
    """Return the size that, with probability `quantile`, none of `rooms` rooms exceeds.

    Of 100 rooms of 10 on average the largest has 72 at most.
    """
    if rooms <= 0.0 or mean_size <= 0.0:
        return 0.0
    if mean_size <= 1.0:
        return 1.0
    exceeded = -math.expm1(math.log(quantile) / rooms)
    return max(1.0, math.ceil(math.log(exceeded) / math.log1p(-1.0 / mean_size)))
