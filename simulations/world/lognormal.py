"""Lognormal distributions given as people know them: a median and a 95th percentile."""

import math
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

import numpy as np

from forecast.arrays import FloatArray

_NORMAL = NormalDist()
_Z95 = _NORMAL.inv_cdf(0.95)


@dataclass(frozen=True, slots=True)
class Lognormal:
    """A lognormal distribution of positive numbers, `p95` not below `p50`."""

    p50: float
    p95: float

    @property
    def sigma(self) -> float:
        """Standard deviation of the logarithm."""
        return math.log(self.p95 / self.p50) / _Z95

    @property
    def mean(self) -> float:
        """Mean, exp(mu + sigma^2 / 2)."""
        return self.p50 * math.exp(self.sigma**2 / 2.0)

    def conditional_means(self, edges: tuple[float, ...]) -> list[float]:
        """Return the mean within each stretch between two probabilities of `edges` (0 to 1).

        Weighted with the stretches' probabilities they give back the mean exactly, which is what
        makes a few bins stand for the whole distribution under Little's law.
        """
        if self.sigma == 0.0:
            return [self.p50] * (len(edges) - 1)
        # E[X; X < quantile(p)] = mean * Phi(z_p - sigma)
        below = [self.mean * self._share_of_mean(edge) for edge in edges]
        return [
            (high - low) / (right - left)
            for (low, high), (left, right) in zip(pairwise(below), pairwise(edges), strict=True)
        ]

    def draw(self, rng: np.random.Generator, count: int) -> FloatArray:
        """Return `count` independent draws."""
        return rng.lognormal(math.log(self.p50), self.sigma, count)

    def _share_of_mean(self, probability: float) -> float:
        if probability <= 0.0 or probability >= 1.0:
            return probability
        return _NORMAL.cdf(_NORMAL.inv_cdf(probability) - self.sigma)
