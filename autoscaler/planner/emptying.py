"""When occupied servers will be empty: from how often they became so, without any more assumed."""

import math
from dataclasses import dataclass

from scipy.special import betaincinv

_LEAST_EVIDENCE = 5
"""With fewer servers seen to become empty, nobody can say how long it takes."""


@dataclass(frozen=True, slots=True)
class Spells:
    """What was watched of a pool: servers `emptied` so often in so many `occupied_seconds`.

    A spell of occupation that still lasts counts with its seconds and without an end, so that the
    long ones are not forgotten (right-censored, as with lead times).
    """

    occupied_seconds: float = 0.0
    emptied: float = 0.0


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds until enough servers were empty: half of the time, and in nine of ten cases."""

    p50_seconds: float
    p90_seconds: float


def wait_for_empty(spells: Spells, *, occupied: int, wanted: int) -> Wait | None:
    """Return how long it takes until `wanted` of `occupied` servers became empty; None: unknown.

    Memoryless at the rate that was measured (emptied per occupied second, the maximum likelihood of
    censored exponential spells), new meetings on them included. The `wanted`-th of `occupied` such
    times has a Beta(wanted, occupied - wanted + 1) distribution on the scale of probability.
    """
    if not 0 < wanted <= occupied or spells.emptied < _LEAST_EVIDENCE:
        return None
    mean = spells.occupied_seconds / spells.emptied

    def quantile(share: float) -> float:
        reached = float(betaincinv(wanted, occupied - wanted + 1, share))
        return -math.log1p(-reached) * mean

    return Wait(p50_seconds=quantile(0.5), p90_seconds=quantile(0.9))
