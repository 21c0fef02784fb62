"""Which period a series has: FindPeriod of signal.go, peak.go and auto_correlation.go."""

import numpy as np

from forecast.arrays import FloatArray

_SHUFFLES = 100
_THRESHOLD = 98
"""Of a hundred largest powers in ascending order, the one to beat."""
_PEAK_SECONDS = 4 * 3600


def find_period(samples: FloatArray, *, step: int, rng: np.random.Generator) -> int | None:
    """Return the period in samples, None without one; `step` is in seconds.

    Candidates are frequencies with more power than chance (permutations of the samples); the
    highest hill of the autocorrelation among them is the period.
    """
    half = samples.size // 2
    if half < 3 or np.ptp(samples) == 0.0:
        return None
    shuffled = rng.permuted(np.tile(samples, (_SHUFFLES, 1)), axis=1)
    by_chance = np.abs(np.fft.rfft(shuffled, axis=1))[:, 1:half].max(axis=1)
    threshold = np.sort(by_chance)[_THRESHOLD]
    power = np.abs(np.fft.rfft(samples))
    candidates = (samples.size // k for k in range(2, half) if power[k] > threshold)
    correlation = autocorrelation(samples)
    reach = _PEAK_SECONDS // step
    best, highest = None, 0.0
    for lag in dict.fromkeys(candidates):
        hill = is_peak(correlation, lag, min(reach, lag // 2))
        if hill and correlation[lag] > highest:
            best, highest = lag, float(correlation[lag])
    return best


def autocorrelation(samples: FloatArray) -> FloatArray:
    """Return the circular autocorrelation by lag."""
    standard = (samples - samples.mean()) / samples.std()
    power = np.abs(np.fft.fft(standard)) ** 2
    correlation: FloatArray = np.real(np.fft.ifft(power)) / samples.size
    return correlation


def is_peak(values: FloatArray, at: int, reach: int) -> bool:
    """Say whether a line through the `reach` values before `at` rises, and one after it falls."""
    if at < 1 or at > values.size - 1 or reach < 1:
        return False
    before = values[max(0, at - reach) : at + 1]
    after = values[at : min(values.size - 1, at + reach) + 1]
    return _slope(before) > 0.0 > _slope(after)


def _slope(values: FloatArray) -> float:
    if values.size < 2:
        return 0.0
    away = np.arange(values.size) - (values.size - 1) / 2.0
    return float(away @ values / (away @ away))
