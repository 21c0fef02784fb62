"""How wrong an estimate was, too little counting more than too much: accuracy.go."""

import numpy as np

from forecast.arrays import FloatArray

_TOO_SMALL = 1e-3


def prediction_error(actual: FloatArray, predicted: FloatArray) -> float:
    """Return the asymmetric mean relative error, or the mean error where an actual is near 0.

    Predicting a share x too little counts as -ln(1 - x) / ln(1.25): 0.1 as 0.47, 0.5 as 3.1.
    """
    if np.any(actual < _TOO_SMALL):
        return float(np.mean(np.abs(actual - predicted)))
    ratio = predicted / actual
    below = -np.log(np.minimum(ratio, 1.0)) / np.log(1.25)
    return float(np.mean(np.where(ratio < 1.0, below, ratio - 1.0)))
