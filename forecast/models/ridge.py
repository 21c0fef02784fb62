"""Batched ridge regression towards several priors, judged by errors on data it left out."""

from dataclasses import dataclass

import numpy as np

from forecast.arrays import FloatArray

STRENGTHS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
_INTERCEPT_PENALTY = 1e-3
_HUBER_ITERATIONS = 2
_SHARPNESS = 5.0
"""How fast a candidate's weight falls with its loss: half of it for every 14 % above the best."""


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
    # Fit 0 sees every block, fit 1 + k all but block k.
    total_gram, total_moment = gram.sum(axis=1), moment.sum(axis=1)
    grams = np.concatenate([total_gram[:, None], total_gram[:, None] - gram], axis=1)
    moments = np.concatenate([total_moment[:, None], total_moment[:, None] - moment], axis=1)
    candidates = _candidates(grams, moments, penalty, priors)

    errors = x @ candidates[:, 1:]
    np.abs(np.subtract(y[..., None], errors, out=errors), out=errors)
    losses = np.einsum("skn,sknc->sc", weights, errors)
    share = _shares(losses)
    coefficients = np.einsum("skpc,sc->skp", candidates, share)
    return RidgeFit(
        coefficients=coefficients[:, 0],
        errors=y - (x @ coefficients[:, 1:, :, None])[..., 0],
    )


def _candidates(
    grams: FloatArray, moments: FloatArray, penalty: FloatArray, priors: FloatArray
) -> FloatArray:
    """Solve for every strength and prior; shape (series, fits, features, candidates)."""
    ridges = np.array(STRENGTHS)[:, None, None] * np.diag(penalty)
    pulls = ridges @ priors[:, None]  # (series, strengths, features, priors)
    solved = np.linalg.solve(
        grams[:, :, None] + ridges, moments[:, :, None, :, None] + pulls[:, None]
    )
    fits = grams.shape[1]
    side_by_side = np.moveaxis(solved, 2, -2).reshape(*grams.shape[:3], -1)
    return np.concatenate([np.repeat(priors[:, None], fits, axis=1), side_by_side], axis=-1)


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
