"""Quantiles of errors: a scale that follows the hour and the lead, times one shape."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from forecast.arrays import FloatArray

_RIDGE = 30.0
_WIDENING = 1.03
"""Left-out errors also chose between the candidates, which makes them a little too small."""
_WIDENING_ROWS = 15.0
"""Few rows have seen few extremes: 150 rows' worth of weight make quantiles a tenth wider."""
_LEAST_ROOT = 0.3
"""No hour's errors are taken for less than a tenth (0.3 squared) of the usual ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Error quantiles of many series: center + scale(x) * scores.

    `center` (...), `root` (..., features): linear in the square root of the scale, `unit` (...):
    the usual absolute error, `scores` (..., quantiles); the leading axes are series, or series and
    buckets.
    """

    center: FloatArray
    root: FloatArray
    unit: FloatArray
    scores: FloatArray

    def scale(self, bucket: int, chance: FloatArray, given: FloatArray) -> FloatArray:
        """Return the usual size of errors (series, rows), for spreads by series and bucket.

        `chance` (series, rows) and `given` (features, rows) are the features after the constant.
        """
        slopes = self.root[:, bucket].T[..., None]
        root: FloatArray = slopes[1] * chance
        root += slopes[0]
        for slope, feature in zip(slopes[2:], given, strict=True):
            root += slope * feature
        np.maximum(root, _LEAST_ROOT, out=root)
        root *= root
        root *= self.unit[:, bucket, None]
        return root

    def rows(self, rows: slice | list[int]) -> "Spread":
        """Return these series' spreads, in this order."""
        return _combine([self], lambda parts: parts[0][rows])


def stack_spreads(spreads: Sequence[Spread]) -> Spread:
    """Stack spreads of the same series along a new second axis."""
    return _combine(spreads, lambda parts: np.stack(parts, axis=1))


def join_spreads(spreads: Sequence[Spread]) -> Spread:
    """Put spreads of different series behind one another."""
    return _combine(spreads, np.concatenate)


def _combine(
    spreads: Sequence[Spread], combine: Callable[[Sequence[FloatArray]], FloatArray]
) -> Spread:
    return Spread(
        center=combine([each.center for each in spreads]),
        root=combine([each.root for each in spreads]),
        unit=combine([each.unit for each in spreads]),
        scores=combine([each.scores for each in spreads]),
    )


def fit_spread(
    x: FloatArray, errors: FloatArray, weights: FloatArray, quantiles: tuple[float, ...]
) -> Spread:
    """Fit the spread of errors (series, rows) on (series, rows, features), constant first."""
    total = np.maximum(weights.sum(axis=1), 1e-300)
    center = weighted_quantiles(errors, weights, (0.5,))[:, 0]
    size = np.abs(errors - center[:, None])
    unit = (weights * size).sum(axis=1) / total + 1e-12
    # The square root tames large errors, and squaring the fit keeps every scale positive.
    root = np.sqrt(size / unit[:, None])
    weighted = np.swapaxes(x * weights[..., None], 1, 2)
    penalty = np.full(x.shape[-1], _RIDGE)
    penalty[0] = 1e-6
    slopes = np.linalg.solve(weighted @ x + np.diag(penalty), weighted @ root[..., None])[..., 0]
    scale = unit[:, None] * np.maximum((x @ slopes[..., None])[..., 0], _LEAST_ROOT) ** 2
    scores = weighted_quantiles((errors - center[:, None]) / scale, weights, quantiles)
    rows = total**2 / np.maximum((weights**2).sum(axis=1), 1e-300)
    scores *= (_WIDENING + _WIDENING_ROWS / np.maximum(rows, _WIDENING_ROWS))[:, None]
    return Spread(center=center, root=slopes, unit=unit, scores=scores)


def weighted_quantiles(
    values: FloatArray, weights: FloatArray, quantiles: tuple[float, ...]
) -> FloatArray:
    """Return quantiles (series, quantiles) of weighted values (series, rows), interpolated.

    Rows without weight do not count; a series without any gives 0.
    """
    least = np.min(values, axis=1, keepdims=True, initial=np.inf, where=weights > 0.0)
    values = np.where(weights > 0.0, values, np.where(np.isfinite(least), least, 0.0))
    order = np.argsort(values, axis=1, kind="stable")
    rows = np.arange(len(values))[:, None]
    ordered, mass = values[rows, order], weights[rows, order]
    middle = np.cumsum(mass, axis=1) - 0.5 * mass
    total = np.maximum(mass.sum(axis=1, keepdims=True), 1e-300)
    rank = middle / total
    wanted = np.asarray(quantiles)
    above = np.count_nonzero(rank[:, None] < wanted[:, None], axis=-1)
    right = np.minimum(above, values.shape[1] - 1)
    left = np.maximum(right - 1, 0)
    low, high = ordered[rows, left], ordered[rows, right]
    from_, to = rank[rows, left], rank[rows, right]
    width = to - from_
    part = np.clip((wanted - from_) / np.where(width > 0.0, width, 1.0), 0.0, 1.0)
    result: FloatArray = low + part * (high - low)
    return result
