"""State-space models by statsmodels, one series at a time."""

import numpy as np
from statsmodels.tsa.statespace.sarimax import SARIMAX
from statsmodels.tsa.statespace.structural import UnobservedComponents

from forecast.arrays import FloatArray
from forecast.models.fourier import waves
from forecast.models.reference import as_reference, normal_quantiles
from forecast.models.task import Task

_DAILY, _WEEKLY = 4, 6
"""Harmonics: few enough for a Kalman filter over weeks of quarter-hours to take about a second."""
_ITERATIONS = 50


@as_reference
def unobserved_components(task: Task, values: FloatArray) -> FloatArray:
    """Forecast by a local level with trigonometric days and, from two weeks up, weeks."""
    seasons = [{"period": task.day, "harmonics": min(_DAILY, task.day // 2)}]
    if values.size >= 2 * task.week:
        seasons.append({"period": task.week, "harmonics": _WEEKLY})
    fit = UnobservedComponents(
        values,
        level="local level",
        freq_seasonal=seasons,
        stochastic_freq_seasonal=[False] * len(seasons),
    ).fit(disp=False, maxiter=_ITERATIONS)
    ahead = fit.get_forecast(task.steps)
    return normal_quantiles(ahead.predicted_mean, ahead.se_mean, task.quantiles)


@as_reference
def sarimax_fourier(task: Task, values: FloatArray) -> FloatArray:
    """Forecast by least squares on waves of the day and the week, their residuals by ARMA(2, 1)."""
    known, ahead = np.split(waves(task), [-task.steps])
    solution = np.linalg.lstsq(known, values, rcond=None)[0]
    fit = SARIMAX(values - known @ solution, order=(2, 0, 1)).fit(disp=False, maxiter=_ITERATIONS)
    rest = fit.get_forecast(task.steps)
    return normal_quantiles(ahead @ solution + rest.predicted_mean, rest.se_mean, task.quantiles)
