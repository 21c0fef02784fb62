"""estimators.go, and accuracy_test.go's cases of the error."""

import numpy as np
import pytest

from simulations.policies.crane_dsp.accuracy import prediction_error
from simulations.policies.crane_dsp.estimators import ESTIMATORS, FftEstimator
from simulations.policies.crane_dsp.prediction import best_estimator, predict

STEP, DAY = 900, 96


def wave(cycles: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return 3.0 + np.sin(2.0 * np.pi * np.arange(cycles * DAY) / DAY)


def test_what_is_predicted_too_high_counts_once() -> None:
    assert prediction_error(wave(1), wave(1) * 1.1) == pytest.approx(0.1)


@pytest.mark.parametrize(("short", "error"), [(0.1, 0.47), (0.5, 3.1)])
def test_what_is_predicted_too_low_counts_several_times(short: float, error: float) -> None:
    """The source's comment: amplify(0.1) = 0.47, amplify(0.5) = 3.1."""
    assert prediction_error(wave(1), wave(1) * (1.0 - short)) == pytest.approx(error, rel=0.01)


def test_near_zero_the_mean_error_stands_in() -> None:
    assert prediction_error(np.array([0.0, 4.0]), np.array([1.0, 1.0])) == 2.0


def test_the_defaults_are_those_of_the_source() -> None:
    assert [(each.min_items, each.low_amplitude, each.margin) for each in ESTIMATORS] == [
        (3, 1.0, 0.01), (3, 1.0, 0.10), (3, 1.0, 0.15), (3, 1.0, 0.20),
        (50, 0.05, 0.01), (50, 0.05, 0.10), (50, 0.05, 0.15), (50, 0.05, 0.20),
    ]  # fmt: skip


def test_a_clean_wave_comes_back_with_its_margin() -> None:
    samples = 100.0 * wave(4)
    estimated = FftEstimator(3, 1.0, 0.10).estimate(samples, DAY, step=STEP)

    assert estimated == pytest.approx(samples[-DAY:] * 1.10)


def test_weak_high_frequencies_are_filtered_out() -> None:
    """A ripple of half an hour and amplitude 0.4 goes, unless three frequencies must stay."""
    ripple = 0.4 * np.cos(np.pi * np.arange(4 * DAY))
    estimated = FftEstimator(1, 1.0, 0.0).estimate(100.0 * wave(4) + ripple, DAY, step=STEP)

    assert estimated == pytest.approx(100.0 * wave(4)[-DAY:])


def test_the_best_margin_of_a_growing_signal_is_a_wide_one() -> None:
    """Each day is 12 % above the last: 15 % errs by 3 points, 10 % by 2 that count five times."""
    growing = np.concatenate([100.0 * wave(1) * 1.12**day for day in range(4)])

    assert best_estimator(growing, DAY, step=STEP).margin >= 0.15


def test_the_next_day_is_like_the_last() -> None:
    cycle = predict(100.0 * wave(15), step=STEP, rng=np.random.default_rng(1))

    assert cycle is not None
    assert cycle == pytest.approx(100.0 * wave(1) * 1.01, rel=0.01)


def test_periods_of_neither_a_day_nor_a_week_predict_nothing() -> None:
    half_days = 300.0 + 100.0 * np.sin(2.0 * np.pi * np.arange(15 * DAY) / 48)

    assert predict(half_days, step=STEP, rng=np.random.default_rng(1)) is None
