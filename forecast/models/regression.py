"""Seasonal regression: log demand on lags, levels and the calendar, straight to each lead.

One regression per bucket of leads and series, all series of a place at once. Its quantiles are
those of the errors it made on weeks that it had not seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from forecast.arrays import FloatArray, IntArray
from forecast.models.design import (
    Levels,
    make_design,
    make_levels,
    prior_coefficients,
    spread_features,
)
from forecast.models.frame import Frame, spans
from forecast.models.likeness import learn_likeness
from forecast.models.ridge import fit_ridge
from forecast.models.spread import Spread, fit_spread, join_spreads, stack_spreads

BUCKET_HOURS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 24.0, 48.0)
"""The last lead of each bucket; beyond two days, one bucket a day."""
BLOCKS = 4
ROWS = 600
"""Rows per regression: neighbours on the grid tell the same story, more of them only cost time."""
FIRST_DAYS = 5
"""A point is learned from when at least so many days were seen before it."""
_HALF_LIFE_DAYS = 14.0
_LEVEL_POWER = 0.5
"""Errors are logarithmic, capacity is not: rows weigh with demand to this power."""
_GOLDEN = 0.6180339887498949
_HIGHEST_LEVEL = 690.0
"""expm1 of more is no number any longer."""


@dataclass(frozen=True, slots=True, eq=False)
class RegressionFit:
    """What was learned, for many series: coefficients and spread by (series, buckets)."""

    coefficients: FloatArray
    spread: Spread
    likeness: FloatArray

    def rows(self, index: Sequence[int]) -> "RegressionFit":
        """Return these series' fits, in this order."""
        chosen = list(index)
        return RegressionFit(
            self.coefficients[chosen], self.spread.rows(chosen), self.likeness[chosen]
        )


def join(fits: Sequence[RegressionFit]) -> RegressionFit:
    """Put fits of different series behind one another."""
    return RegressionFit(
        coefficients=np.concatenate([each.coefficients for each in fits]),
        spread=join_spreads([each.spread for each in fits]),
        likeness=np.concatenate([each.likeness for each in fits]),
    )


def lead_buckets(per_day: int, steps: int) -> list[tuple[int, int]]:
    """Cut the leads 0 .. steps - 1 into buckets [first, last), narrow where the lead is short."""
    days = range(3, steps // per_day + 2)
    edges = {0, steps, *spans(per_day, BUCKET_HOURS), *(day * per_day for day in days)}
    ordered = sorted(edge for edge in edges if edge <= steps)
    return list(pairwise(ordered))


def fit_regression(frame: Frame, *, steps: int, quantiles: tuple[float, ...]) -> RegressionFit:
    """Fit every bucket of leads on the frame's past, at least three days more than `steps`."""
    past = slice(0, frame.known)
    likeness = learn_likeness(
        frame.level[:, past], frame.seen[:, past], frame.local.at(past), frame.per_day
    )
    frame = replace(frame, likeness=likeness)
    levels = make_levels(frame, 0)
    buckets = [
        _fit_bucket(frame, levels, bucket, quantiles)
        for bucket in lead_buckets(frame.per_day, steps)
    ]
    return RegressionFit(
        coefficients=np.stack([coefficients for coefficients, _ in buckets], axis=1),
        spread=stack_spreads([spread for _, spread in buckets]),
        likeness=likeness,
    )


def predict_regression(
    fit: RegressionFit, frame: Frame, *, origins: IntArray, leads: IntArray, steps: int
) -> FloatArray:
    """Return log1p(participants), shape (series, rows, quantiles), for points origins + leads.

    `steps` are those of the fit; leads count from 0 and stay below. The frame must reach back
    LOOK_BACK_DAYS before its last point, and no origin may be older than a day.
    """
    buckets = lead_buckets(frame.per_day, steps)
    last = np.array([each for _, each in buckets])
    bucket = np.searchsorted(last, leads, side="right")
    levels = make_levels(frame, frame.known - 3 * frame.per_day)
    design = make_design(frame, levels, origins, leads)
    median = design.base + np.einsum("srp,srp->sr", design.features, fit.coefficients[:, bucket])
    features = spread_features(frame, design.base, origins + leads, leads, last[bucket])
    errors = fit.spread.quantiles(features, bucket)
    paths: FloatArray = np.clip(median[..., None] + errors, 0.0, _HIGHEST_LEVEL)
    return paths


def _fit_bucket(
    frame: Frame, levels: Levels, bucket: tuple[int, int], quantiles: tuple[float, ...]
) -> tuple[FloatArray, Spread]:
    target, leads = _rows(frame, bucket)
    design = make_design(frame, levels, target - leads, leads)
    level, seen = frame.take(target)
    weights = _weights(frame, target, design.base) * seen
    total = np.maximum(weights.sum(axis=1), 1e-300)
    wanted = (level - design.base) * seen
    # In units of their usual size, features and errors make one penalty right for all of them.
    unit = np.sqrt((weights * wanted**2).sum(axis=1) / total) + 1e-9
    size = np.sqrt(np.einsum("sn,snp->sp", weights, design.features**2) / total[:, None])
    size = size + 1e-6 * unit[:, None]
    size[:, 0] = 1.0
    priors = prior_coefficients() * (size / unit[:, None])[..., None]

    def blocks(rows: FloatArray) -> FloatArray:
        return rows.reshape(rows.shape[0], BLOCKS, -1, *rows.shape[2:])

    ridge = fit_ridge(
        blocks(design.features / size[:, None]),
        blocks(wanted / unit[:, None]),
        blocks(weights),
        priors,
    )
    errors = ridge.errors.reshape(wanted.shape) * unit[:, None]
    features = spread_features(frame, design.base, target, leads, np.full(leads.shape, bucket[1]))
    coefficients = ridge.coefficients * unit[:, None] / size
    return coefficients, fit_spread(features, errors, weights, quantiles)


def _rows(frame: Frame, bucket: tuple[int, int]) -> tuple[IntArray, IntArray]:
    """Choose the points to learn from, newest last, and for each one of the bucket's leads."""
    first, last = bucket
    begin = min(FIRST_DAYS * frame.per_day + last, frame.known - frame.per_day)
    stride = max(1, (frame.known - begin) // ROWS)
    target = np.arange(frame.known - 1, begin - 1, -stride)[::-1]
    target = target[target.size % BLOCKS :]
    # Steps of the golden ratio share no rhythm with the day: each hour meets all of the leads.
    share = np.arange(target.size) * _GOLDEN % 1.0
    leads = first + (share * (last - first)).astype(np.int64)
    return target, leads


def _weights(frame: Frame, target: IntArray, base: FloatArray) -> FloatArray:
    """Weigh rows (series, rows): newer and larger demand more, mean one where all were seen."""
    age = (frame.known - target) / frame.per_day
    seen_any = frame.seen[:, : frame.known] > 0.0
    begun = np.where(seen_any.any(axis=1), seen_any.argmax(axis=1), frame.known)
    old_enough = target >= begun[:, None] + FIRST_DAYS * frame.per_day
    weights = 0.5 ** (age / _HALF_LIFE_DAYS) * np.exp(
        _LEVEL_POWER * (base - base.max(axis=1, keepdims=True))
    )
    scaled: FloatArray = weights / weights.mean(axis=1, keepdims=True) * old_enough
    return scaled
