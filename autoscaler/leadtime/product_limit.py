"""Quantiles of a duration when some of it has not ended yet."""

import math
from collections.abc import Sequence
from typing import TypeAlias

Weighted: TypeAlias = tuple[float, float]
"""Seconds, and the weight of what took them."""

_SLACK = 1e-9


def quantiles(
    ended: Sequence[Weighted], waiting: Sequence[Weighted], *, levels: Sequence[float]
) -> list[float]:
    """Return the weighted product-limit quantiles (Kaplan & Meier 1958) at ascending `levels`.

    What waits is right-censored: it takes at least as long as it has waited. In a tail that only
    waits, the longest wait is returned (Efron 1967). Needs at least one duration.
    """
    points = sorted([(t, 0, w) for t, w in ended] + [(t, 1, w) for t, w in waiting])
    at_risk = math.fsum(weight for _, _, weight in points)
    surviving = 1.0
    found: list[float] = []
    for seconds, censored, weight in points:
        if not censored:
            surviving *= 1.0 - weight / at_risk
        at_risk = max(at_risk - weight, 1e-12)
        while surviving <= 1.0 - levels[len(found)] + _SLACK:
            found.append(seconds)
            if len(found) == len(levels):
                return found
    return found + [points[-1][0]] * (len(levels) - len(found))
