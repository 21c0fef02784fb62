"""How long played things take: drawn, so that the same seed is the same run again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Delay = Callable[[np.random.Generator], float]
"""Draws a delay in seconds."""


def at_once(_: np.random.Generator) -> float:
    """Return no delay."""
    return 0.0


def constant(seconds: float) -> Delay:
    """Return a delay that is always the same."""
    return lambda _: seconds


def lognormal(*, median: float, sigma: float) -> Delay:
    """Return a delay as boots have it: `median` seconds, most near it, some much later."""
    return lambda rng: float(rng.lognormal(np.log(median), sigma))
