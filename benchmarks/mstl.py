"""statsforecast's MSTL with AutoETS, as its documentation sets it."""

import numpy as np
import pandas as pd
from statsforecast.models import MSTL, AutoETS

from forecast.arrays import FloatArray
from forecast.models.task import Task


def mstl_autoets(task: Task) -> FloatArray:
    """Forecast one series; the median is the library's mean, its intervals are symmetric."""
    known = pd.Series(task.history.values[0]).interpolate(limit_direction="both").fillna(0.0)
    seasons = [task.day, task.week] if known.size > 2 * task.week else [task.day]
    model = MSTL(season_length=seasons, trend_forecaster=AutoETS(model="ZZN"))
    upper = {quantile: round(200.0 * quantile - 100.0) for quantile in task.quantiles}
    intervals = [level for level in upper.values() if level]
    path = model.forecast(y=known.to_numpy(), h=task.steps, level=intervals)
    columns = [path[f"hi-{level}"] if level else path["mean"] for level in upper.values()]
    bounded: FloatArray = np.maximum(np.stack(columns, axis=1), 0.0)
    return bounded
