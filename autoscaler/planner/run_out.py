"""When a limit will bite: the date on which growth takes demand to it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autoscaler.planner.envelope import FloatArray
from autoscaler.planner.trend import Trend
from autoscaler.planner.weeks import WEEK

HORIZON_WEEKS = 52
"""Nothing is said of what lies further off."""
MAX_REPLICAS, MAX_HOURLY, MAX_MONTHLY = "maxReplicas", "maxHourly", "maxMonthly"
"""Names of limits that every pool may have; those of supply have the names their owner gave."""
_WEEKS = np.arange(HORIZON_WEEKS + 1, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOut:
    """A limit, the demand at which it bites (participants; Mbit/s for links), and when it will.

    Epoch seconds at the median and at the 90th percentile of growth, which comes first; None: not
    within a year, or nobody can say.
    """

    name: str
    demand: float
    date_p50: int | None
    date_p90: int | None


def run_out(
    trend: Trend, limits: FloatArray, *, running: FloatArray, monday: int
) -> tuple[FloatArray, FloatArray]:
    """Return the dates, P50 and P90, on which weekly peaks reach `limits`, (series, limits).

    `running` are the peaks so far of the week that began on `monday`, shape (series,): a limit that
    they reached bites already. Dates are floats, NaN where there is none.
    """
    bitten = running[:, None] >= limits
    dates = []
    for quantile in (0.5, 0.9):
        reached = _first_week(trend.peaks(_WEEKS, quantile=quantile), limits)
        dates.append(np.floor(monday + WEEK * np.where(bitten, 0.0, reached)))
    return dates[0], np.fmin(dates[0], dates[1])


def _first_week(peaks: FloatArray, limits: FloatArray) -> FloatArray:
    """Return the weeks until `peaks` (series, weeks) reach each limit, along the path's logs."""
    above = peaks[:, None, :] >= limits[:, :, None]
    at = above.argmax(axis=2)
    before = np.maximum(at - 1, 0)
    low, high = (
        np.log(np.take_along_axis(peaks, before, 1)),
        np.log(np.take_along_axis(peaks, at, 1)),
    )
    rise = np.where(high > low, high - low, 1.0)
    part = np.clip((np.log(np.maximum(limits, 1e-9)) - low) / rise, 0.0, 1.0)
    return np.where(above.any(axis=2), np.where(at == 0, 0.0, before + part), np.nan)


def named(
    names: Sequence[str], demand: FloatArray, p50: FloatArray, p90: FloatArray
) -> tuple[RunOut, ...]:
    """Return one series' limits as values: arrays of shape (limits,)."""
    return tuple(
        RunOut(name=name, demand=round(float(at), 3), date_p50=_date(median), date_p90=_date(early))
        for name, at, median, early in zip(names, demand, p50, p90, strict=True)
    )


def _date(seconds: float) -> int | None:
    return None if np.isnan(seconds) else int(seconds)
