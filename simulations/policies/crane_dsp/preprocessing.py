"""What Crane does to a series before it looks for a period: preprocessing.go."""

import numpy as np

from forecast.arrays import FloatArray

_HOUR = 3600
_PERCENTILES = (99.9, 0.1)


def preprocess(values: FloatArray, *, step: int) -> FloatArray:
    """Return the samples that are left: NaN is a missing one, `step` is in seconds.

    A gap of more than an hour drops everything before it; shorter ones are filled linearly; the
    oldest samples go until whole hours are left; extremes repeat the sample before them.
    """
    known = np.flatnonzero(np.isfinite(values))
    if known.size == 0:
        return np.zeros(0)
    gaps = np.flatnonzero(np.diff(known) * step > _HOUR)
    if gaps.size:
        known = known[gaps[-1] + 1 :]
    filled = np.interp(np.arange(known[0], known[-1] + 1), known, values[known])
    per_hour = _HOUR // step
    return without_extremes(filled[filled.size % per_hour :])


def without_extremes(values: FloatArray) -> FloatArray:
    """Return `values`, those beyond the 99.9th and 0.1th percentile replaced by their predecessor.

    It erases surges; that is the source's doing. With fewer than a thousand samples there is no
    0.1th percentile, and all are kept.
    """
    high, low = (percentile(values, percent) for percent in _PERCENTILES)
    if high is None or low is None:
        return values
    kept = (values <= high) & (values >= low)
    kept[0] = True
    return values[np.maximum.accumulate(np.where(kept, np.arange(values.size), 0))]


def percentile(values: FloatArray, percent: float) -> float | None:
    """Return a percentile as github.com/montanaflynn/stats does; None out of its bounds."""
    ordered = np.sort(values)
    index = percent / 100.0 * values.size
    whole = int(index)
    if index == whole and whole > 0:
        return float(ordered[whole - 1])
    if index > 1.0:
        return float((ordered[whole - 1] + ordered[whole]) / 2.0)
    return None
