"""Online conformal quantiles: how far above the median demand really was, at each lead time.

A tracker is one number per series, lead-time bucket and upper quantile: the logarithm of the factor
by which the distance from median to quantile is widened, in log1p of participants. It moves up by a
small step when demand was above the widened quantile and down by a smaller one when it was not, in
the ratio that balances at the quantile's level, whatever the errors are distributed like (quantile
tracking: Gibbs and Candes 2021, Angelopoulos, Candes and Tibshirani 2023).
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from forecast.arrays import BoolArray, FloatArray, round_significant

STEP = 0.01
"""How far a tracker moves for an error. A day of quarter-hours without one narrows P95 by 5 %."""
NARROWEST, WIDEST = np.log(0.8), np.log(4.0)
"""Luck makes no quantile narrower than that. What would need more than the widest is a surge."""
GRAIN = 64.0
"""Factors are applied in steps of a 64th (1.6 %), so that one issued is known again from a byte."""
_CHUNK = 32
"""Series widened at once, as many as fit the processor's cache."""
UNLEARNABLE = -128
"""In place of a factor: what was issued so teaches nothing."""

Grains = npt.NDArray[np.int8]
Factors = npt.NDArray[np.float32]


def grains(factors: Factors) -> Grains:
    """Return log factors as they are applied, in 64ths."""
    return np.round(factors * GRAIN).astype(np.int8)


def widened(values: FloatArray, applied: Grains, *, leads: Sequence[int]) -> FloatArray:
    """Return paths (series, steps, quantiles) with upper quantiles at their calibrated distance.

    `applied` has shape (series, leads, quantiles - 1); between two leads its logarithm is linear in
    that of the lead. The lowest quantile stays. Rounded, and non-decreasing over quantiles.
    """
    weights = _lead_weights(tuple(leads), values.shape[1])
    paths = values.copy()
    changed = np.flatnonzero(applied.any(axis=(1, 2)))
    for first in range(0, changed.size, _CHUNK):
        rows = changed[first : first + _CHUNK]
        factor = np.exp(weights @ (applied[rows] / GRAIN))
        level = np.log1p(values[rows])
        median = level[..., :1]
        upper = np.expm1(median + factor * (level[..., 1:] - median))
        paths[rows, :, 1:] = round_significant(upper)
        for quantile in range(1, values.shape[-1]):
            above = np.maximum(paths[rows, :, quantile], paths[rows, :, quantile - 1])
            paths[rows, :, quantile] = above
    return paths


@cache
def _lead_weights(leads: tuple[int, ...], steps: int) -> FloatArray:
    """Return how much each step goes by each lead, (steps, leads)."""
    logs = np.log(np.arange(1, steps + 1))
    return np.stack([np.interp(logs, np.log(leads), row) for row in np.eye(len(leads))], axis=1)


def learned(
    factors: Factors,
    applied: Grains,
    *,
    levels: FloatArray,
    actual: FloatArray,
    quantiles: Sequence[float],
    learns: BoolArray,
) -> Factors:
    """Return the trackers after one more point.

    `levels` (series, leads, quantiles) are log1p of what was issued for it with factors `applied`
    (series, leads, quantiles - 1), `actual` (series,) that of the demand, `learns` (series, leads)
    where it teaches anything. Compared is what would be issued with the factors of now: a forecast
    made two days ago knew nothing of what its trackers have learned since.
    """
    median = levels[..., :1]
    since = np.exp(factors - applied / GRAIN)
    above = actual[:, None, None] > median + since * (levels[..., 1:] - median)
    move = STEP * (above - (1.0 - np.asarray(quantiles[1:])))
    moved = np.clip(factors + move, NARROWEST, WIDEST)
    return np.where(learns[..., None], moved, factors).astype(np.float32)
