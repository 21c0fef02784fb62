"""Models of statsmodels, one series at a time: what ours are compared with."""

import warnings

import numpy as np
import pandas as pd
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from forecast.arrays import FloatArray
from forecast.models.task import Task

_PATHS = 500
_LARGEST = 1e300


def holt_winters(task: Task) -> FloatArray:
    """Forecast by Holt-Winters: damped trend, additive daily season, estimated by statsmodels.

    Quantiles of 500 simulated paths whose errors are drawn from the residuals, always the same
    ones.
    """
    known = pd.Series(task.history.values[0]).interpolate(limit_direction="both").fillna(0.0)
    scale = float(known.abs().max()) or 1.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that it did not converge, and is still the model
        fit = ExponentialSmoothing(
            known.to_numpy() / scale,
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
    quantiles = np.quantile(np.asarray(paths).reshape(task.steps, -1), task.quantiles, axis=1).T
    bounded: FloatArray = np.clip(np.nan_to_num(quantiles) * scale, 0.0, _LARGEST)
    return bounded
