"""The models that can be chosen by name."""

from collections.abc import Callable, Mapping

import numpy as np

from forecast.arrays import FloatArray
from forecast.errors import HistoryError
from forecast.forecaster import Forecaster
from forecast.models.naive import daily_naive, weekly_naive
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
        history, now=history.end, horizon_steps=task.steps, calendar=task.calendar
    )
    return np.asarray(forecast.values[0])


def _holt_winters() -> Model:
    # statsmodels takes a second to import, and only who asks for it should wait.
    from forecast.models.reference import holt_winters

    return holt_winters


MODELS: Mapping[str, Callable[[], Model]] = {
    OURS: lambda: meetscale,
    BASELINE: lambda: weekly_naive,
    "seasonal-naive-daily": lambda: daily_naive,
    "holt-winters": _holt_winters,
}


def find_model(name: str) -> Model:
    """Return the model; raises HistoryError for a name that is none."""
    if name not in MODELS:
        raise HistoryError(f"model {name!r} is unknown, must be one of {', '.join(MODELS)}")
    return MODELS[name]()
