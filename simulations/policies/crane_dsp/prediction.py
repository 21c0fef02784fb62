"""The predicted cycle of one series: updateAggregateSignals of prediction.go."""

import numpy as np

from forecast.arrays import FloatArray
from simulations.policies.crane_dsp.accuracy import prediction_error
from simulations.policies.crane_dsp.estimators import ESTIMATORS, FftEstimator
from simulations.policies.crane_dsp.period import find_period
from simulations.policies.crane_dsp.preprocessing import preprocess

_PERIODS = (86_400, 7 * 86_400)
_MIN_CYCLES = 2


def predict(values: FloatArray, *, step: int, rng: np.random.Generator) -> FloatArray | None:
    """Return the cycle that follows `values`, None where a day or a week is no period of it."""
    samples = preprocess(values, step=step)
    period = find_period(samples, step=step, rng=rng)
    if period is None or period * step not in _PERIODS:
        return None
    cycles = samples.size // period
    if cycles < _MIN_CYCLES:
        return None
    signal = samples[samples.size - cycles * period :]
    return best_estimator(signal, period, step=step).estimate(signal, period, step=step)


def best_estimator(signal: FloatArray, period: int, *, step: int) -> FftEstimator:
    """Return the estimator that errs least on the last cycle, seen from the ones before."""
    history, actual = signal[:-period], signal[-period:]
    errors = [
        prediction_error(actual, estimator.estimate(history, period, step=step))
        for estimator in ESTIMATORS
    ]
    return ESTIMATORS[int(np.argmin(errors))]
