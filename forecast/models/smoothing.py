"""Exponential smoothing by statsmodels, one series at a time."""

import numpy as np
import pandas as pd
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.holtwinters import ExponentialSmoothing
from statsmodels.tsa.seasonal import MSTL

from forecast.arrays import FloatArray
from forecast.models.reference import as_reference, normal_quantiles
from forecast.models.task import Task

_PATHS = 500
_ITERATIONS = 100


@as_reference
def holt_winters(task: Task, values: FloatArray) -> FloatArray:
    """Forecast by Holt-Winters: damped trend, additive daily season, least squares.

    Quantiles of 500 simulated paths whose errors are drawn from the residuals, always the same
    ones.
    """
    fit = ExponentialSmoothing(
        values,
        trend="add",
        damped_trend=True,
        seasonal="add",
        seasonal_periods=task.day,
        initialization_method="heuristic",
    ).fit()
    paths = fit.simulate(
        task.steps,
        repetitions=_PATHS,
        error="add",
        random_errors="bootstrap",
        random_state=np.random.RandomState(0),
    )
    return np.asarray(
        np.quantile(np.asarray(paths).reshape(task.steps, -1), task.quantiles, axis=1).T
    )


@as_reference
def ets(task: Task, values: FloatArray) -> FloatArray:
    """Forecast by ETS(A,Ad,A), daily season, maximum likelihood; normal errors."""
    return _ets(task, values, seasonal="add", seasonal_periods=task.day)


@as_reference
def mstl(task: Task, values: FloatArray) -> FloatArray:
    """Forecast by MSTL: days and, from two weeks up, weeks go on as last seen, the rest by ETS.

    The spread is that of the rest alone, as in other implementations, and so somewhat too narrow.
    """
    periods = [task.day] + ([task.week] if values.size >= 2 * task.week else [])
    jump = max(1, task.day // 10)  # smooth curves need no regression at each point, as in R's stl
    jumps = {"trend_jump": jump, "low_pass_jump": jump}
    parts = MSTL(values, periods=periods, stl_kwargs=jumps).fit()
    seasonal = np.asarray(parts.seasonal).reshape(values.size, -1)
    ahead = np.arange(task.steps)
    repeated = sum(
        seasonal[values.size - period + ahead % period, column]
        for column, period in enumerate(periods)
    )
    rest = _ets(task, values - seasonal.sum(axis=1))
    return rest + np.asarray(repeated, dtype=np.float64)[:, None]


def _ets(task: Task, values: FloatArray, **season: object) -> FloatArray:
    fit = ETSModel(
        pd.Series(values),  # its predictions need an index
        error="add",
        trend="add",
        damped_trend=True,
        initialization_method="heuristic",
        **season,
    ).fit(disp=False, maxiter=_ITERATIONS)
    ahead = fit.get_prediction(start=values.size, end=values.size + task.steps - 1)
    return normal_quantiles(
        ahead.predicted_mean, np.sqrt(np.asarray(ahead.forecast_variance)), task.quantiles
    )
