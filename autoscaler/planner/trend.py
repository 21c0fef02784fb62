"""Growth from week to week, with an honest width: robust, log-linear, vectorised over series."""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from autoscaler.planner.envelope import FloatArray

FITTED_WEEKS = 12
"""Growth of a quarter: older weeks grew for other reasons."""
LEAST_WEEKS = 3
"""Two weeks always lie on a line."""
_PRIOR_SIGMA, _PRIOR_WEEKS = 0.05, 2.0
"""Peaks of equal weeks differ by 5 %: believed like two weeks of evidence, as a few weeks that
happen to lie on a line are no proof that the next one does.
"""
_FARTHEST = 3.0
"""A week farther off than so many robust deviations counts as this far off, and no more."""


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """log(peak) = level + slope * weeks, `weeks` counted from the first week that is not over.

    All arrays have shape (series,); NaN where fewer than three weeks are known. `sigma` is the
    deviation of a week, `freedom` its degrees of freedom, `count`, `centre` and `spread` are those
    of the weeks that were fitted.
    """

    level: FloatArray
    slope: FloatArray
    sigma: FloatArray
    freedom: FloatArray
    count: FloatArray
    centre: FloatArray
    spread: FloatArray

    def peaks(self, weeks: FloatArray, *, quantile: float) -> FloatArray:
        """Return the peak of each of `weeks` (0: the running one), shape (series, weeks).

        A quantile of the peak itself, by Student's t: a week's own deviation, and how little so few
        weeks say of level and growth.
        """
        ahead = weeks[None, :]
        distance = (ahead - self.centre[:, None]) ** 2 / self.spread[:, None]
        width = self.sigma[:, None] * np.sqrt(1.0 + 1.0 / self.count[:, None] + distance)
        score = stdtrit(self.freedom, quantile)[:, None]
        middle = self.level[:, None] + self.slope[:, None] * ahead
        # e^50 participants are nobody's: a wild slope must not overflow.
        found: FloatArray = np.exp(np.minimum(middle + score * width, 50.0))
        return found


def trend(peaks: FloatArray) -> Trend:
    """Fit whole weeks' `peaks`, shape (series, weeks), the newest last, NaN where unknown.

    The slope is the median of all pairs' slopes (Theil 1950, Sen 1968): a third of the weeks may be
    holidays or outages without moving it.
    """
    recent = peaks[:, -FITTED_WEEKS:]
    weeks = np.arange(-recent.shape[1], 0, dtype=np.float64)
    logs = np.log(np.maximum(recent, 1.0))
    known = np.isfinite(logs)
    count = known.sum(axis=1).astype(np.float64)
    enough = count >= LEAST_WEEKS
    logs = np.where(enough[:, None], logs, np.where(np.isnan(recent), np.nan, 0.0))
    slope = _median(_pair_slopes(logs, weeks), enough)
    level = _median(logs - slope[:, None] * weeks, enough)
    residual = logs - level[:, None] - slope[:, None] * weeks
    typical = np.maximum(1.4826 * _median(np.abs(residual), enough), _PRIOR_SIGMA)[:, None]
    squares = np.nansum(np.clip(residual, -_FARTHEST * typical, _FARTHEST * typical) ** 2, axis=1)
    freedom = _PRIOR_WEEKS + np.maximum(count - 2.0, 0.0)
    sigma = np.sqrt((_PRIOR_WEEKS * _PRIOR_SIGMA**2 + squares) / freedom)
    centre = np.where(known, weeks, 0.0).sum(axis=1) / np.maximum(count, 1.0)
    spread = np.where(known, (weeks - centre[:, None]) ** 2, 0.0).sum(axis=1)
    return Trend(
        level=level,
        slope=slope,
        sigma=np.where(enough, sigma, np.nan),
        freedom=freedom,
        count=np.maximum(count, 1.0),
        centre=centre,
        spread=np.maximum(spread, 1.0),
    )


def _pair_slopes(logs: FloatArray, weeks: FloatArray) -> FloatArray:
    first, second = np.triu_indices(weeks.size, k=1)
    slopes: FloatArray = (logs[:, second] - logs[:, first]) / (weeks[second] - weeks[first])
    return slopes


def _median(values: FloatArray, enough: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> FloatArray:
    """Return each row's median of what is known, NaN where there is not enough."""
    if not enough.any():
        return np.full(values.shape[0], np.nan)
    ordered = np.sort(values, axis=1)  # what is not known comes last
    count = np.isfinite(values).sum(axis=1)
    rows, middle = np.arange(len(values)), np.maximum(count, 1)
    low, high = ordered[rows, (middle - 1) // 2], ordered[rows, middle // 2]
    return np.where(enough, (low + high) / 2.0, np.nan)
