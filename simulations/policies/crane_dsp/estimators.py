"""The next cycle from the last ones: estimators.go, with the defaults of config.go."""

from dataclasses import dataclass

import numpy as np

from forecast.arrays import FloatArray

_HIGH_FREQUENCY = 1.0 / 3600.0
_MAX_SPECTRUM_ITEMS = 100
_LEAST = 0.01


@dataclass(frozen=True, slots=True)
class FftEstimator:
    """The last cycle of the signal without its weak high frequencies, times 1 + `margin`.

    At least `min_items` frequencies stay, whatever their amplitude, and at most a hundred, those
    of amplitude `low_amplitude` or more. The source compares the index of each frequency and not
    the frequency: the mirrored half of the spectrum counts as high, so that a weak low frequency
    keeps half of its amplitude.
    """

    min_items: int
    low_amplitude: float
    margin: float

    def estimate(self, samples: FloatArray, cycle: int, *, step: int) -> FloatArray:
        """Return one cycle of `cycle` samples; `step` is in seconds."""
        spectrum = np.fft.fft(samples)
        amplitudes = np.abs(spectrum) / samples.size
        strongest = np.sort(amplitudes[1 : samples.size // 2])[::-1]
        least = strongest[min(_MAX_SPECTRUM_ITEMS, strongest.size) - 1]
        least = max(least, self.low_amplitude)
        if strongest.size >= self.min_items:
            least = min(least, strongest[self.min_items - 1])
        frequencies = np.arange(samples.size) / (samples.size * step)
        spectrum[(amplitudes < least) & (frequencies > _HIGH_FREQUENCY)] = 0.0
        last = np.real(np.fft.ifft(spectrum))[-cycle:]
        estimated: FloatArray = np.where(last <= 0.0, _LEAST, last) * (1.0 + self.margin)
        return estimated


ESTIMATORS = tuple(
    FftEstimator(items, amplitude, margin)
    for items, amplitude in ((3, 1.0), (50, 0.05))
    for margin in (0.01, 0.10, 0.15, 0.20)
)
"""defaultEstimators of config.go, in its order: the first of the best is taken."""
