"""How a surge that history does not show is met: from history alone, and with its dates known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from forecast.backtest.rolling import QUANTILES
from forecast.calendar import DAY, HOUR, Event
from forecast.errors import HistoryError
from forecast.forecaster import Forecaster
from forecast.panel import PanelSeries
from forecast.result import ForecastMode

SERIES = "wc98"
ORIGINS = 48
FIRST_ORIGIN = int(datetime(1998, 6, 10, tzinfo=ZoneInfo("UTC")).timestamp())
ANNOUNCED_SECONDS = 2 * DAY
_UPPER = QUANTILES.index(0.95)
_WINDOW_DAYS = 28
_MATCH = timedelta(hours=2)
_PARIS = ZoneInfo("Europe/Paris")
_KICK_OFFS = (
    "10 17:30, 10 21:00, 11 17:30, 11 21:00, 12 14:30, 12 17:30, 12 21:00, 13 14:30, 13 17:30, "
    "13 21:00, 14 14:30, 14 17:30, 14 21:00, 15 14:30, 15 17:30, 15 21:00, 16 17:30, 16 21:00"
)
"""World Cup 1998, June: day and local time. The series' clock is UTC: its demand jumps at 15:30 and
not at 17:30 on 10 and 11 June, at 12:30 on the 12th."""


@dataclass(frozen=True, slots=True)
class SurgeScore:
    """P95 at one lead over the origins: coverage, and the rest as fractions of demand."""

    coverage: float
    under_provision: float
    over_provision: float
    outside_history: int
    """Origins at which the forecaster said so."""


def matches() -> tuple[Event, ...]:
    """Return the matches of 10 to 16 June 1998 as events whose multiplier has to be learned."""
    starts = [
        datetime.strptime(f"1998 6 {each}", "%Y %m %d %H:%M").replace(tzinfo=_PARIS)
        for each in _KICK_OFFS.split(", ")
    ]
    return tuple(
        Event(
            name=f"match of {start:%d %B, %H:%M}",
            series_ids=None,
            start=int(start.timestamp()),
            end=int((start + _MATCH).timestamp()),
            multiplier=None,
            participants=None,
            tag="match",
        )
        for start in starts
    )


def first_surge(
    panel: Mapping[str, PanelSeries], *, announced: bool, lead_seconds: int = HOUR
) -> SurgeScore:
    """Forecast the World Cup's first two days, every hour.

    `announced`: each match is known two days ahead, without a size. Like the operator, it carries
    the mode from one origin to the next. Raises HistoryError for a panel without the series.
    """
    if SERIES not in panel:
        raise HistoryError(
            f"panel: series {SERIES!r} is missing, the first surge is measured on it"
        )
    series = panel[SERIES]
    history = series.history
    step = history.step_seconds
    forecaster = Forecaster(
        quantiles=QUANTILES, window_seconds=_WINDOW_DAYS * DAY, refit_seconds=step
    )
    surging: frozenset[str] = frozenset()
    actual, upper, outside = [], [], 0
    at = lead_seconds // step - 1
    for now in range(FIRST_ORIGIN, FIRST_ORIGIN + ORIGINS * HOUR, HOUR):
        known = [each for each in matches() if announced and each.start < now + ANNOUNCED_SECONDS]
        forecast, _ = forecaster.refresh(
            history.window(now - _WINDOW_DAYS * DAY, now),
            now=now,
            horizon_steps=DAY // step,
            calendar=series.calendar,
            events=known,
            surging=surging,
        )
        in_surge = forecast.modes[0] is ForecastMode.OUTSIDE_HISTORY
        surging = frozenset(forecast.series_ids) if in_surge else frozenset()
        outside += in_surge
        actual.append(series.values[(now - history.start) // step + at])
        upper.append(forecast.values[0, at, _UPPER])
    demand, quantile = np.array(actual), np.array(upper)
    total = float(demand.sum())
    return SurgeScore(
        coverage=float((demand <= quantile).mean()),
        under_provision=float(np.maximum(demand - quantile, 0.0).sum()) / total,
        over_provision=float(np.maximum(quantile - demand, 0.0).sum()) / total,
        outside_history=outside,
    )
