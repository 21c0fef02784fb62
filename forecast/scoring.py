"""How good quantile forecasts were. Actual values have shape (n,), forecasts (n, quantiles)."""

import numpy as np

from forecast.arrays import FloatArray


def pinball(actual: FloatArray, predicted: FloatArray, quantiles: tuple[float, ...]) -> FloatArray:
    """Return the quantile loss of every value, shape (n, quantiles): q * under, (1 - q) * over.

    There may be more axes before the last.
    """
    level = np.asarray(quantiles)
    miss = actual[..., None] - predicted
    loss: FloatArray = np.maximum(level * miss, (level - 1.0) * miss)
    return loss


def weighted_quantile_loss(
    actual: FloatArray, predicted: FloatArray, quantiles: tuple[float, ...]
) -> float | None:
    """Return the mean over quantiles of sum(2 * pinball) / sum|actual|; None without any demand."""
    total = float(np.abs(actual).sum())
    if total == 0.0:
        return None
    return float(2.0 * pinball(actual, predicted, quantiles).sum(axis=0).mean() / total)


def scaled_error(actual: FloatArray, median: FloatArray, scale: float) -> float | None:
    """Return mean|actual - median| / scale (MASE); None where nothing was actual or scale is 0."""
    if actual.size == 0 or not scale > 0.0:
        return None
    return float(np.abs(actual - median).mean() / scale)


def naive_scale(window: FloatArray, season_points: int) -> float:
    """Return the window's mean|y[t] - y[t - season_points]|, 0 where no such pair was seen."""
    change = np.abs(window[season_points:] - window[:-season_points])
    known = change[np.isfinite(change)]
    return float(known.mean()) if known.size else 0.0


def coverage(actual: FloatArray, predicted: FloatArray) -> FloatArray:
    """Return which share of the values was at or below each quantile, shape (quantiles,)."""
    covered: FloatArray = (actual[:, None] <= predicted).mean(axis=0)
    return covered
