"""Non-negative least squares that says what it does not know."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls
from scipy.stats import t as student

from forecast.arrays import BoolArray, FloatArray, IntArray

CONDITION = 30.0
"""Columns whose scaled singular values differ by more cannot be told apart (Belsley, Kuh and
Welsch, Regression Diagnostics, 1980)."""
LEAN = 0.1
"""Part of a row that may point where the samples hardly vary; a column that does takes part in a
near dependency."""
CONFIDENCE = 0.90
NOTHING = 1e-9
"""A billionth of a participant or a stream is none: whoever divides by it overflows."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number and the half-width of its 90 % interval; infinite: nothing is known of it."""

    value: float
    error: float

    @property
    def within(self) -> float:
        """The half-width as a share of the value."""
        return self.error / self.value if self.value > 0.0 else math.inf

    @property
    def dearest(self) -> float:
        """The upper end of the interval: what is planned with."""
        return self.value + self.error


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Regression:
    """`response = features @ coefficients`, no coefficient negative, and how far to trust it.

    The covariance is robust to whatever is alike within a block of samples (Liang and Zeger, 1986),
    and taken on all identifiable directions, whether or not the bound at zero holds a coefficient
    there: that errs towards too wide.
    """

    names: tuple[str, ...]
    coefficients: FloatArray
    scale: FloatArray
    """Root mean square of each feature; zero: it was never there."""
    covariance: FloatArray
    """Of the coefficients that belong to features divided by `scale`."""
    blind: FloatArray
    """Directions in scaled features along which the samples hardly vary, a row each."""
    blocks: int
    samples: int
    residual: float
    """Root mean square of the residuals, as a share of the response's."""
    mean: float
    """Of the response."""

    def at(self, features: FloatArray) -> Estimate:
        """Estimate the response to one row of features."""
        value = float(features @ self.coefficients)
        there = self.scale > 0.0
        scaled = np.divide(features, self.scale, out=np.zeros_like(features), where=there)
        unseen = bool(features[~there].any())
        leans = bool((np.abs(self.blind @ scaled) > LEAN * np.linalg.norm(scaled)).any())
        if unseen or leans or self.blocks < 2:
            return Estimate(value, math.inf)
        variance = float(scaled @ self.covariance @ scaled)
        quantile = float(student.ppf(0.5 + CONFIDENCE / 2.0, self.blocks - 1))
        return Estimate(value, quantile * max(variance, 0.0) ** 0.5)

    def each(self) -> tuple[Estimate, ...]:
        """Estimate every coefficient; infinite error: it cannot be told from others."""
        return tuple(self.at(row) for row in np.eye(len(self.names)))

    @property
    def confounded(self) -> tuple[tuple[str, ...], ...]:
        """Groups of features that always moved together: only their sum is known."""
        groups = (
            tuple(name for name, weight in zip(self.names, row, strict=True) if weight > LEAN)
            for row in np.abs(self.blind)
        )
        return tuple(dict.fromkeys(group for group in groups if len(group) > 1))

    @property
    def unseen(self) -> tuple[str, ...]:
        """Features that never were there."""
        return tuple(n for n, s in zip(self.names, self.scale, strict=True) if s == 0.0)


def fit(
    features: FloatArray, response: FloatArray, *, names: Sequence[str], blocks: IntArray
) -> Regression:
    """Fit `response` (samples) by `features` (samples, features), both non-negative.

    `blocks` numbers the block that each sample is in. Samples without any feature are fine, and
    one that is nearly zero in all of them was never there.
    """
    scale = np.sqrt(np.mean(features**2, axis=0))
    scale[scale < NOTHING] = 0.0
    there = scale > 0.0
    unit = np.divide(features, scale, out=np.zeros_like(features), where=there)
    height = float(np.sqrt(np.mean(response**2))) or 1.0
    solution = nnls(unit, response / height)[0] * height
    left = response - unit @ solution
    values, vectors = np.linalg.eigh(unit.T @ unit)
    largest = max(float(values[-1]), 1e-300)
    near = (values < largest / CONDITION**2) & ~_only(vectors, ~there)
    inverse = np.linalg.pinv(unit.T @ unit, rcond=1e-12, hermitian=True)
    numbers, block = np.unique(blocks, return_inverse=True)
    pulls = np.zeros((len(numbers), len(names)))
    np.add.at(pulls, block, unit * left[:, None])
    correction = len(numbers) / max(len(numbers) - 1, 1)
    return Regression(
        names=tuple(names),
        coefficients=np.divide(solution, scale, out=np.zeros_like(scale), where=there),
        scale=scale,
        covariance=inverse @ (pulls.T @ pulls) @ inverse * correction,
        blind=vectors.T[near],
        blocks=len(numbers),
        samples=len(response),
        residual=float(np.sqrt(np.mean(left**2))) / height,
        mean=float(np.mean(response)),
    )


def _only(vectors: FloatArray, columns: BoolArray) -> BoolArray:
    """Tell the directions (columns of `vectors`) that lie within `columns` alone."""
    within: BoolArray = np.sum(vectors[columns] ** 2, axis=0) > 1.0 - LEAN**2
    return within
