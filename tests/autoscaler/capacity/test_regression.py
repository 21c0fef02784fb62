import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.capacity.regression import Regression, fit
from forecast.arrays import FloatArray

AUDIO, VIDEO = 0.04, 0.3


def alone(features: FloatArray, response: FloatArray) -> Regression:
    """Fit, every sample a block."""
    names = [f"f{n}" for n in range(features.shape[1])]
    return fit(features, response, names=names, blocks=np.arange(len(response)))


def streams(samples: int, *, seed: int = 3) -> FloatArray:
    return np.random.default_rng(seed).uniform(0.0, 200.0, (samples, 2))


def test_two_features_that_never_meet_are_two_means() -> None:
    features = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    fitted = alone(features, np.array([2.0, 4.0, 6.0, 6.0]))
    first, second = fitted.each()
    assert (first.value, second.value) == pytest.approx((3.0, 6.0))
    # squares of residuals 1 + 1, over (1 + 1) squared, times 4 / 3; t of 3 at 95 % is 2.3534
    assert first.error == pytest.approx(2.3534 * math.sqrt(2.0 / 4.0 * 4.0 / 3.0), rel=1e-4)
    assert second.error == pytest.approx(0.0, abs=1e-9)
    # 2, 4, 6, 6: root mean square of what is left over that of the response
    assert fitted.residual == pytest.approx(math.sqrt(2.0 / 92.0))


def test_known_coefficients_are_recovered_within_their_error() -> None:
    features = streams(400)
    truth = np.array([AUDIO, VIDEO])
    noise = np.random.default_rng(4).normal(0.0, 1.0, 400)
    fitted = alone(features, features @ truth + noise)
    for estimate, coefficient in zip(fitted.each(), truth, strict=True):
        assert estimate.value == pytest.approx(coefficient, abs=2.0 * estimate.error)
        assert estimate.error < 0.05 * coefficient + 0.002


def test_the_interval_covers_as_often_as_it_says() -> None:
    generator = np.random.default_rng(11)
    covered = 0
    for _ in range(300):
        features = generator.uniform(1.0, 10.0, (24, 2))
        drift = np.repeat(generator.normal(0.0, 1.0, 24), 4)[:96]
        rows = np.repeat(features, 4, axis=0)
        response = rows @ np.array([3.0, 2.0]) + drift
        fitted = fit(rows, response, names=("a", "b"), blocks=np.repeat(np.arange(24), 4))
        estimate = fitted.each()[0]
        covered += abs(estimate.value - 3.0) <= estimate.error
    assert 0.83 <= covered / 300 <= 0.96


def test_what_always_moved_together_is_named_and_its_sum_still_known() -> None:
    audio = np.random.default_rng(5).uniform(1.0, 100.0, 60)
    features = np.stack([audio, 2.0 * audio], axis=1)
    fitted = alone(features, 5.0 * audio + np.random.default_rng(6).normal(0.0, 1.0, 60))
    assert fitted.confounded == (("f0", "f1"),)
    assert all(estimate.error == math.inf for estimate in fitted.each())
    both = fitted.at(np.array([10.0, 20.0]))
    assert both.value == pytest.approx(50.0, rel=0.05)
    assert both.error < 5.0


def test_what_never_was_there_is_not_known() -> None:
    features = np.array([[1.0, 0.0], [2.0, 0.0], [3.0, 0.0]])
    fitted = alone(features, np.array([1.0, 2.0, 3.0]))
    assert fitted.unseen == ("f1",)
    assert fitted.confounded == ()
    assert fitted.at(np.array([1.0, 0.0])).value == pytest.approx(1.0)
    assert fitted.at(np.array([1.0, 1.0])).error == math.inf


def test_one_block_is_no_evidence() -> None:
    fitted = fit(np.ones((5, 1)), np.arange(5.0), names=("a",), blocks=np.zeros(5, dtype=np.int64))
    assert fitted.each()[0].error == math.inf


samples = st.integers(3, 40)
seeds = st.integers(0, 2**31)


@given(samples=samples, seed=seeds)
def test_no_coefficient_is_negative(samples: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    features = generator.uniform(0.0, 10.0, (samples, 3))
    fitted = alone(features, generator.uniform(0.0, 10.0, samples))
    assert (fitted.coefficients >= 0.0).all()
    assert all(estimate.error >= 0.0 for estimate in fitted.each())


@given(samples=samples, seed=seeds, more=st.integers(2, 5))
def test_the_same_evidence_again_never_makes_it_less_certain(
    samples: int, seed: int, more: int
) -> None:
    generator = np.random.default_rng(seed)
    features = generator.uniform(0.1, 10.0, (samples, 2))
    response = features @ np.array([1.0, 3.0]) + generator.uniform(0.0, 2.0, samples)
    once = alone(features, response).each()
    again = alone(np.tile(features, (more, 1)), np.tile(response, more)).each()
    for first, second in zip(once, again, strict=True):
        assert second.value == pytest.approx(first.value, rel=1e-6, abs=1e-9)
        assert second.error <= first.error * (1.0 + 1e-6)


@given(
    seed=seeds, factor=st.floats(1e-6, 1e6), unit=st.floats(1e-6, 1e6), samples=st.integers(6, 30)
)
def test_other_units_give_the_same_answer(
    seed: int, factor: float, unit: float, samples: int
) -> None:
    generator = np.random.default_rng(seed)
    features = generator.uniform(0.1, 10.0, (samples, 2))
    response = features @ np.array([1.0, 3.0]) + generator.uniform(0.0, 2.0, samples)
    plain = alone(features, response).each()
    scaled = alone(features * [unit, 1.0], response * factor).each()
    for first, second, by in zip(plain, scaled, (factor / unit, factor), strict=True):
        assert second.value == pytest.approx(first.value * by, rel=1e-6, abs=1e-9 * by)
        assert second.error == pytest.approx(first.error * by, rel=1e-5)
