"""The models that can be chosen by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

import numpy as np

from forecast.arrays import FloatArray
from forecast.errors import HistoryError
from forecast.events import apply_events
from forecast.forecaster import Forecaster
from forecast.models.task import Model, Task

OURS = "meetscale"
BASELINE = "seasonal-naive-weekly"


def meetscale(task: Task) -> FloatArray:
    """Forecast as the operator does, fitted at the origin itself on the whole window."""
    history = task.history
    forecaster = Forecaster(
        quantiles=task.quantiles,
        window_seconds=history.points * history.step_seconds,
        refit_seconds=history.step_seconds,
    )
    forecast, _ = forecaster.refresh(
        history,
        now=history.end,
        horizon_steps=task.steps,
        calendar=task.calendar,
        events=task.events,
        bookings=task.bookings,
    )
    return np.asarray(forecast.values[0])


@dataclass(frozen=True, slots=True)
class _Reference:
    """A model by module and function, imported when chosen: statsmodels takes a second."""

    module: str
    function: str

    def __call__(self, task: Task, /) -> FloatArray:
        """Forecast, and put announced multipliers and participants on top: these know no events."""
        model: Model = getattr(import_module(f"forecast.models.{self.module}"), self.function)
        paths = apply_events(
            model(task)[None],
            task.history.series_ids,
            task.events,
            start=task.history.end,
            step_seconds=task.history.step_seconds,
        )
        return np.asarray(paths[0])


MODELS: Mapping[str, Model] = {
    OURS: meetscale,
    BASELINE: _Reference("naive", "weekly_naive"),
    "seasonal-naive-daily": _Reference("naive", "daily_naive"),
    "week-profile": _Reference("week_profile", "week_profile"),
    "linear-quantile-regression": _Reference("quantile_regression", "linear_quantile_regression"),
    "holt-winters": _Reference("smoothing", "holt_winters"),
    "ets": _Reference("smoothing", "ets"),
    "mstl": _Reference("smoothing", "mstl"),
    "unobserved-components": _Reference("state_space", "unobserved_components"),
    "sarimax-fourier": _Reference("state_space", "sarimax_fourier"),
}


def find_model(name: str) -> Model:
    """Return the model; raises HistoryError for a name that is none."""
    if name not in MODELS:
        raise HistoryError(f"model {name!r} is unknown, must be one of {', '.join(MODELS)}")
    return MODELS[name]
