"""Additive Holt-Winters, one step ahead, with smoothing constants that somebody chose.

Fitted by statsmodels as PHPA's algorithms/holt_winters.py does (initialisation "estimated",
`optimized=False`). Within a season the fit's starting point does not move, so that a refit is the
old fit continued by what came since: the recursion here gives the same states, at a thousandth of
the cost.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoothing:
    """The constants, each from 0 to 1, and the season's length in observations."""

    level: float
    trend: float
    seasonal: float
    periods: int


@dataclass(slots=True)
class HoltWinters:
    """The states after the last observation."""

    smoothing: Smoothing
    level: float
    trend: float
    season: deque[float] = field(default_factory=deque)
    """The last season, oldest first."""

    @classmethod
    def fit(cls, series: Sequence[float], smoothing: Smoothing) -> "HoltWinters":
        """Fit to a series of at least two seasons."""
        # statsmodels takes a second to import, and only this policy needs it
        from statsmodels.tsa.holtwinters import ExponentialSmoothing

        model = ExponentialSmoothing(
            series,
            trend="add",
            seasonal="add",
            seasonal_periods=smoothing.periods,
            initialization_method="estimated",
        )
        fitted = model.fit(
            smoothing_level=smoothing.level,
            smoothing_trend=smoothing.trend,
            smoothing_seasonal=smoothing.seasonal,
            optimized=False,
        )
        return cls(
            smoothing,
            level=float(fitted.level[-1]),
            trend=float(fitted.trend[-1]),
            season=deque(fitted.season[-smoothing.periods :].tolist()),
        )

    def add(self, value: float) -> None:
        """Take in the next observation."""
        constants, before = self.smoothing, self.level
        seasonal = self.season.popleft()
        expected = before + self.trend
        self.level = constants.level * (value - seasonal) + (1.0 - constants.level) * expected
        self.season.append(
            constants.seasonal * (value - expected) + (1.0 - constants.seasonal) * seasonal
        )
        self.trend = constants.trend * (self.level - before) + (1.0 - constants.trend) * self.trend

    def next(self) -> float:
        """Forecast one step ahead."""
        return self.level + self.trend + self.season[0]
