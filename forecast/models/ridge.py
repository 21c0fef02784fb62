"""Batched ridge regression towards several priors, judged by errors on data it left out."""

from dataclasses import dataclass

import numpy as np

from forecast.arrays import FloatArray

STRENGTHS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
_INTERCEPT_PENALTY = 1e-3
_HUBER_ITERATIONS = 4
_SHARPNESS = 20.0
"""How fast a candidate's weight falls with its loss: half of it for every 3.5 % above the best."""


@dataclass(frozen=True, slots=True, eq=False)
class RidgeFit:
    """Coefficients (series, features) and the errors (series, blocks, rows) on rows left out."""

    coefficients: FloatArray
    errors: FloatArray


def fit_ridge(x: FloatArray, y: FloatArray, weights: FloatArray, priors: FloatArray) -> RidgeFit:
    """Fit many small regressions at once, robustly, without ever trusting an in-sample error.

    `x` has shape (series, blocks, rows, features) with the intercept first, `y` and `weights`
    (series, blocks, rows), `priors` (series, features, candidates): coefficients that make sense
    without any data, towards which the fit is shrunk. Every pair of prior and strength is a
    candidate, and so is every bare prior. Candidates are weighed by their absolute error on blocks
    (contiguous in time) that were left out of their fit, so that the weights are learned on the
    series' own recent past; leaving a block out costs one small solve, because Gram matrices add up
    over blocks.
    """
    penalty = np.ones(x.shape[-1])
    penalty[0] = _INTERCEPT_PENALTY
    robust = _huber_weights(x, y, weights, penalty)
    gram, moment = _moments(x, y, robust)
    full_gram, full_moment = gram.sum(axis=1), moment.sum(axis=1)
    left_gram, left_moment = full_gram[:, None] - gram, full_moment[:, None] - moment

    full, left = [priors], [np.repeat(priors[:, None], x.shape[1], axis=1)]
    for strength in STRENGTHS:
        ridge = np.diag(strength * penalty)
        pull = strength * penalty[:, None] * priors
        full.append(np.linalg.solve(full_gram + ridge, full_moment[..., None] + pull))
        left.append(np.linalg.solve(left_gram + ridge, left_moment[..., None] + pull[:, None]))
    full_candidates, left_candidates = np.concatenate(full, -1), np.concatenate(left, -1)

    losses = np.einsum("skn,sknc->sc", weights, np.abs(y[..., None] - x @ left_candidates))
    share = _shares(losses)
    left_out = np.einsum("skpc,sc->skp", left_candidates, share)
    return RidgeFit(
        coefficients=np.einsum("spc,sc->sp", full_candidates, share),
        errors=y - (x @ left_out[..., None])[..., 0],
    )


def _huber_weights(
    x: FloatArray, y: FloatArray, weights: FloatArray, penalty: FloatArray
) -> FloatArray:
    """Reweigh until a large error pulls with its sign only (iterated least squares, Huber)."""
    ridge = np.diag(30.0 * penalty)
    total = np.maximum(weights.sum(axis=(1, 2)), 1e-300)
    robust = weights
    for _ in range(_HUBER_ITERATIONS):
        gram, moment = _moments(x, y, robust)
        solution = np.linalg.solve(gram.sum(axis=1) + ridge, moment.sum(axis=1)[..., None])
        error = np.abs(y - (x @ solution[:, None])[..., 0])
        usual = (weights * error).sum(axis=(1, 2)) / total
        robust = weights / np.maximum(1.0, error / (usual + 1e-12)[:, None, None])
    return robust


def _moments(x: FloatArray, y: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    weighted = np.swapaxes(x * weights[..., None], -1, -2)
    return weighted @ x, (weighted @ y[..., None])[..., 0]


def _shares(losses: FloatArray) -> FloatArray:
    """Turn losses into weights that add up to one; a smooth choice cannot flip on a last bit."""
    best = losses.min(axis=1, keepdims=True)
    excess = losses / np.maximum(best, 1e-12) - 1.0
    weight = np.exp(-_SHARPNESS * np.minimum(excess, 30.0))
    share: FloatArray = weight / weight.sum(axis=1, keepdims=True)
    return share
