"""pkg/prediction/dsp/preprocessing.go."""

import numpy as np
import pytest

from simulations.policies.crane_dsp.preprocessing import percentile, preprocess, without_extremes

NAN = np.nan


def test_short_gaps_are_filled_linearly() -> None:
    assert preprocess(np.array([1.0, NAN, NAN, 4.0]), step=900).tolist() == [1.0, 2.0, 3.0, 4.0]


def test_a_gap_of_more_than_an_hour_drops_everything_before_it() -> None:
    values = np.array([9.0, 9.0, 9.0, 9.0, NAN, NAN, NAN, NAN, 1.0, 2.0, 3.0, 4.0])

    assert preprocess(values, step=900)[0] < 9.0
    assert preprocess(values, step=900).size == 4


def test_whole_hours_are_left_the_newest_ones() -> None:
    assert preprocess(np.arange(11.0), step=900).size == 8


def test_nothing_known_leaves_nothing() -> None:
    assert preprocess(np.full(8, NAN), step=900).size == 0


@pytest.mark.parametrize(
    ("percent", "expected"),
    [(50.0, 2.0), (99.9, 3.5), (0.1, None)],
)
def test_percentiles_are_those_of_the_library(percent: float, expected: float | None) -> None:
    """Whole index: that value; otherwise the mean of both neighbours; below one: an error."""
    assert percentile(np.array([3.0, 1.0, 4.0, 2.0]), percent) == expected


def test_a_surge_is_erased() -> None:
    values = np.tile([10.0, 20.0], 600)
    values[701] = 5000.0

    assert without_extremes(values)[701] == 10.0
