"""One series' forecast by any model that can be named, with what it may be trusted for."""

import numpy as np

from forecast.arrays import round_significant
from forecast.backtest.contestants import OURS, find_model
from forecast.calendar import DAY
from forecast.errors import HistoryError
from forecast.fitted import LEAST_DAYS
from forecast.forecaster import Forecaster
from forecast.models.task import Task
from forecast.result import Forecast, ForecastMode

LONGEST_DAYS = 25


def forecast_by(name: str, task: Task) -> Forecast:
    """Forecast by the operator's own forecaster, or by the reference model of this name.

    A reference model knows no surges: its mode is `normal`, or `cold_start` with less than a week.
    Raises HistoryError for an unknown name, and for a horizon beyond 25 days.
    """
    model, history = find_model(name), task.history
    seconds = task.steps * history.step_seconds
    if not 0 < seconds <= LONGEST_DAYS * DAY:
        raise HistoryError(
            f"horizon is {seconds} s, must be from {history.step_seconds} s to {LONGEST_DAYS} days"
        )
    if name == OURS:
        forecast, _ = Forecaster(quantiles=task.quantiles).refresh(
            history,
            now=history.end,
            horizon_steps=task.steps,
            calendar=task.calendar,
            events=task.events,
            bookings=task.bookings,
        )
        return forecast
    seen = np.flatnonzero(np.isfinite(history.values[0]))
    days = (history.points - int(seen[0])) * history.step_seconds / DAY if seen.size else 0.0
    cold = days < LEAST_DAYS
    return Forecast(
        series_ids=history.series_ids,
        issued_at=history.end,
        start=history.end,
        step_seconds=history.step_seconds,
        quantiles=task.quantiles,
        values=round_significant(model(task))[None],
        modes=(ForecastMode.COLD_START if cold else ForecastMode.NORMAL,),
        models=(name,),
        reasons=((f"{days:.3g} days of history, a week has {LEAST_DAYS}",) if cold else (),),
    )
