"""The elasticity metrics of the SPEC Research Group, on servers required and ready.

Herbst et al., "Ready for Rain? A View from SPEC Research on the Future of Cloud Metrics",
SPEC-RG-2016-01; Bauer et al., "Chameleon", IEEE TPDS 30(4), 2019.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecast.arrays import FloatArray, IntArray

_LEAST = 0.1
"""Percentage points in place of a smaller metric: the speedup divides by each of them."""
_HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Elasticity:
    """How well supply followed demand; 0 is ideal, pools count alike.

    `under_pct` and `over_pct` (theta): what was missing or too much, relative to demand, averaged
    over time. `under_time_pct` and `over_time_pct` (tau): the share of time with too little or too
    much. `instability_pct` (upsilon): the share of time in which supply and demand moved in
    different directions. `jitter_per_hour`: changes of supply minus changes of demand.
    `deviation_pct` (sigma): the Minkowski distance of these and the blocked joins (psi) to zero,
    its order their number, jitter left out. `speedup` (epsilon): over standing still with what the
    run began with, the geometric mean of the ratios of theta and tau, none of them taken for less
    than 0.1 points.
    """

    under_pct: float
    over_pct: float
    under_time_pct: float
    over_time_pct: float
    instability_pct: float
    jitter_per_hour: float
    deviation_pct: float
    speedup: float


def elasticity(
    required: Sequence[IntArray],
    ready: Sequence[IntArray],
    *,
    tick_seconds: int,
    initial: Sequence[int],
    blocked_joins_pct: float,
) -> Elasticity:
    """Return the metrics of pools; arrays have one entry per tick, at least two.

    Demand below one server is taken for one: relative errors have no meaning there.
    """
    pools = [
        _pool(np.maximum(demand, 1), supply, tick_seconds)
        for demand, supply in zip(required, ready, strict=True)
    ]
    under, over, under_time, over_time, instability, jitter = np.mean(pools, axis=0).tolist()
    still = [
        _pool(np.maximum(demand, 1), np.full_like(demand, servers), tick_seconds)
        for demand, servers in zip(required, initial, strict=True)
    ]
    parts = np.array([under, over, under_time, over_time, instability, blocked_joins_pct])
    return Elasticity(
        under_pct=under,
        over_pct=over,
        under_time_pct=under_time,
        over_time_pct=over_time,
        instability_pct=instability,
        jitter_per_hour=jitter,
        deviation_pct=float(np.sum(parts**parts.size) ** (1.0 / parts.size)),
        speedup=speedup(np.mean(still, axis=0)[:4], parts[:4]),
    )


def speedup(still: FloatArray, moving: FloatArray) -> float:
    """Return by how much theta and tau (four each) are better than those of standing still."""
    ratios = np.maximum(still, _LEAST) / np.maximum(moving, _LEAST)
    return float(np.exp(np.mean(np.log(ratios))))


def _pool(demand: IntArray, supply: IntArray, tick_seconds: int) -> tuple[float, ...]:
    missing = demand - supply
    supplied, demanded = np.sign(np.diff(supply)), np.sign(np.diff(demand))
    apart = np.minimum(np.abs(supplied - demanded), 1)
    changes = np.count_nonzero(supplied) - np.count_nonzero(demanded)
    return (
        100.0 * float(np.mean(np.maximum(missing, 0) / demand)),
        100.0 * float(np.mean(np.maximum(-missing, 0) / demand)),
        100.0 * float(np.mean(missing > 0)),
        100.0 * float(np.mean(missing < 0)),
        100.0 * float(np.mean(apart)),
        changes * _HOUR / (demand.size * tick_seconds),
    )
