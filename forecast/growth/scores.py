"""How far demand was from what had been forecast for it."""

from statistics import NormalDist

import numpy as np

from forecast.arrays import FloatArray

_NARROWEST = 0.02
"""No forecast is so sure that a deviation by 2 % is two sigma."""
_FARTHEST = 7.0
"""One wild point is no surge: what a point may count, in sigma."""


def normal_scores(level: FloatArray, paths: FloatArray, quantiles: tuple[float, ...]) -> FloatArray:
    """Return which quantile each point was, as a normal score (series, points): 0 is the median.

    `paths` (series, points, quantiles) are what was forecast, `level` what came, both in log1p.
    Between two quantiles the score is linear, beyond the highest the last slope goes on; below the
    lowest it is that of the lowest.
    """
    known = [NormalDist().inv_cdf(each) for each in quantiles]
    scores = np.full(level.shape, known[0])
    for at in range(max(1, len(known) - 1)):
        above = level - paths[..., at]
        if len(known) > 1:
            sigma = paths[..., at + 1] - paths[..., at]
            sigma /= known[at + 1] - known[at]
        else:
            sigma = np.zeros(level.shape)
        higher = np.divide(above, np.maximum(sigma, _NARROWEST, out=sigma), out=sigma)
        higher += known[at]
        np.copyto(scores, higher, where=above > 0.0)
    np.minimum(scores, _FARTHEST, out=scores)
    return scores
