"""Quantiles of a duration when some of it has not ended yet."""

import math
from collections.abc import Sequence
from typing import TypeAlias

Weighted: TypeAlias = tuple[float, float]
"""Seconds, and the weight of what took them."""

_SLACK = 1e-9
_NOBODY = 1e-12
"""What is left of a sum of weights when all are taken off it, or more."""


def quantiles(
    ended: Sequence[Weighted], waiting: Sequence[Weighted], *, levels: Sequence[float]
) -> list[float]:
    """Return the weighted product-limit quantiles (Kaplan & Meier 1958) at ascending `levels`.

    What waits is right-censored: it takes at least as long as it has waited. In a tail that only
    waits, the longest wait is returned (Efron 1967). Needs at least one duration.
    """
    ended, waiting = sorted(ended), sorted(waiting)
    at_risk = math.fsum([weight for _, weight in ended] + [weight for _, weight in waiting])
    surviving, next_ = 1.0, 0
    goals = [1.0 - level + _SLACK for level in levels]
    found: list[float] = []
    for seconds, weight in ended:
        # Of equals those that ended come first: who waits as long was still at risk.
        while next_ < len(waiting) and waiting[next_][0] < seconds:
            at_risk -= waiting[next_][1]
            next_ += 1
        if at_risk < _NOBODY:
            at_risk = _NOBODY
        surviving *= 1.0 - weight / at_risk
        at_risk -= weight
        while surviving <= goals[len(found)]:
            found.append(seconds)
            if len(found) == len(goals):
                return found
    longest = max([*ended[-1:], *waiting[-1:]])[0]
    return found + [longest] * (len(levels) - len(found))
