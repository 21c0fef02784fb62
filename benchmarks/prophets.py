"""Prophet with its own daily and weekly seasons and, where days are marked, its holidays."""

import logging
import warnings

import numpy as np
import pandas as pd
from prophet import Prophet

from forecast.arrays import FloatArray
from forecast.models.task import Task

_SAMPLES = 300


def prophet(task: Task) -> FloatArray:
    """Forecast one series; gaps are left to the library, which skips them."""
    logging.getLogger("cmdstanpy").disabled = True
    history = task.history
    times = pd.to_datetime(
        history.start + history.step_seconds * np.arange(history.points + task.steps), unit="s"
    )
    model = Prophet(
        daily_seasonality=True,
        weekly_seasonality=True,
        yearly_seasonality=False,
        holidays=_holidays(task, times),
        uncertainty_samples=_SAMPLES,
    )
    known = pd.DataFrame({"ds": times[: history.points], "y": history.values[0]})
    state = np.random.get_state()
    np.random.seed(0)  # the library draws from the global generator
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(known)
        ahead = model.predictive_samples(pd.DataFrame({"ds": times[history.points :]}))
    np.random.set_state(state)
    quantiles = np.quantile(ahead["yhat"], task.quantiles, axis=1).T
    bounded: FloatArray = np.maximum(quantiles, 0.0)
    return bounded


def _holidays(task: Task, times: pd.DatetimeIndex) -> pd.DataFrame | None:
    """Return the marked days that it can learn from: those seen, and then those ahead too."""
    marked = task.calendar.place(task.history.series_ids[0]).holidays
    days = sorted(marked & set(times.date))
    if not any(day < times[task.history.points].date() for day in days):
        return None
    return pd.DataFrame({"holiday": "holiday", "ds": pd.to_datetime(days)})
