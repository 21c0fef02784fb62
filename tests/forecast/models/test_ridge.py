import numpy as np
import pytest

from forecast.arrays import FloatArray
from forecast.models.ridge import fit_ridge

RANDOM = np.random.default_rng(1)
X = np.concatenate([np.ones((2, 4, 100, 1)), RANDOM.normal(size=(2, 4, 100, 2))], axis=-1)
EQUAL = np.ones((2, 4, 100))
TRUTH = np.array([[0.5, 1.0, -2.0], [0.0, 0.0, 0.0]])
NOISE = 0.1 * RANDOM.normal(size=(2, 4, 100))


def target(noise: FloatArray = NOISE) -> FloatArray:
    y: FloatArray = np.einsum("sknp,sp->skn", X, TRUTH) + noise
    return y


def priors(*columns: list[float]) -> FloatArray:
    return np.repeat(np.array(columns).T[None], 2, axis=0)


ZERO = priors([0.0, 0.0, 0.0])


def test_each_series_gets_its_own_coefficients() -> None:
    fit = fit_ridge(X, target(), EQUAL, ZERO)
    np.testing.assert_allclose(fit.coefficients, TRUTH, atol=0.06)


def test_outliers_pull_with_their_sign_only() -> None:
    noise = NOISE.copy()
    noise[:, :, ::20] += 20.0
    robust = fit_ridge(X, target(noise), EQUAL, ZERO).coefficients[0]
    least_squares = np.linalg.lstsq(X[0].reshape(-1, 3), target(noise)[0].ravel())[0]
    miss, plain_miss = (np.abs(each - TRUTH[0]).max() for each in (robust, least_squares))
    assert miss < 0.3 * plain_miss


def test_without_data_the_priors_remain() -> None:
    fit = fit_ridge(X, target(), np.zeros_like(EQUAL), priors([0.0, 1.0, 0.0], [0.0, 0.0, 1.0]))
    np.testing.assert_allclose(fit.coefficients, [[0.0, 0.5, 0.5]] * 2)


def test_a_prior_that_is_right_beats_what_few_rows_can_teach() -> None:
    few = np.zeros_like(EQUAL)
    few[:, :, :3] = 1.0
    y = target(5.0 * NOISE)
    helped = fit_ridge(X, y, few, priors([0.0, 0.0, 0.0], TRUTH[0].tolist()))
    alone = fit_ridge(X, y, few, ZERO)
    error = [np.abs(fit.coefficients[0] - TRUTH[0]).sum() for fit in (helped, alone)]
    assert error[0] < error[1]


def test_errors_are_those_on_rows_left_out() -> None:
    """By hand: with one block apart from the others, its error is what the others predict."""
    y = np.zeros((1, 4, 100))
    y[0, 0] = 1.0
    fit = fit_ridge(np.ones((1, 4, 100, 1)), y, np.ones(y.shape), np.zeros((1, 1, 1)))
    assert fit.errors[0, 0] == pytest.approx(np.ones(100), abs=0.05)
    assert np.abs(fit.errors[0, 1:]).max() < 0.5


def test_weightless_rows_change_nothing() -> None:
    weights = EQUAL.copy()
    weights[:, :, ::2] = 0.0
    wild = target().copy()
    wild[:, :, ::2] = 1e6
    tame = fit_ridge(X, target(), weights, ZERO)
    np.testing.assert_allclose(
        fit_ridge(X, wild, weights, ZERO).coefficients, tame.coefficients, rtol=1e-9
    )
