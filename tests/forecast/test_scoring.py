"""Golden values, worked out by hand."""

import numpy as np
import pytest

from forecast.scoring import coverage, naive_scale, pinball, scaled_error, weighted_quantile_loss

ACTUAL = np.array([10.0, 20.0])
PREDICTED = np.array([[8.0, 12.0], [26.0, 30.0]])
LEVELS = (0.5, 0.9)


def test_pinball_costs_what_the_quantile_says_each_way() -> None:
    # under by 2: 0.5 * 2; over by 2: 0.1 * 2; over by 6: 0.5 * 6; over by 10: 0.1 * 10
    np.testing.assert_allclose(pinball(ACTUAL, PREDICTED, LEVELS), [[1.0, 0.2], [3.0, 1.0]])


def test_weighted_quantile_loss_pools_and_averages() -> None:
    # (2 * 4 / 30 + 2 * 1.2 / 30) / 2
    assert weighted_quantile_loss(ACTUAL, PREDICTED, LEVELS) == pytest.approx(10.4 / 60.0)


def test_without_demand_there_is_no_relative_loss() -> None:
    assert weighted_quantile_loss(np.zeros(2), PREDICTED, LEVELS) is None


def test_scaled_error_is_relative_to_the_naive_change() -> None:
    scale = naive_scale(np.array([1.0, 5.0, 4.0, np.nan, 6.0]), 2)  # |4 - 1|, |6 - 4|
    assert scale == 2.5
    assert scaled_error(ACTUAL, PREDICTED[:, 0], scale) == pytest.approx(4.0 / 2.5)


@pytest.mark.parametrize("window", [[1.0, 1.0, 1.0], [1.0], [np.nan, 1.0, np.nan, 1.0]])
def test_a_season_that_never_changes_scales_nothing(window: list[float]) -> None:
    scale = naive_scale(np.array(window), 1)
    assert scale == 0.0
    assert scaled_error(ACTUAL, PREDICTED[:, 0], scale) is None


def test_coverage_counts_what_was_at_or_below() -> None:
    assert coverage(ACTUAL, np.array([[10.0, 9.0], [19.0, 25.0]])).tolist() == [0.5, 0.5]
