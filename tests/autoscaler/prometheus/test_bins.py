"""A grid that moves along and forgets nothing that still lies in it."""

import numpy as np
import numpy.testing as npt
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.prometheus.bins import BIN_SECONDS, Bins, Block
from forecast.history import PointState

POINTS = 6
END = 100 * BIN_SECONDS


def block(*values: float) -> Block:
    return Block(values=np.array([values]), states=np.zeros((1, len(values)), dtype=np.uint8))


def filled(name: str) -> Bins:
    """Return bins whose values are the numbers of their quarter-hours, settled but for the last."""
    bins = Bins(POINTS)
    bins.move([name], end=END)
    numbers = block(*range(100 - POINTS, 100))
    bins.put([name], numbers, first=0, settled_until=END - BIN_SECONDS)
    return bins


def test_new_bins_are_missing_and_not_settled() -> None:
    bins = Bins(POINTS)
    bins.move(["a"], end=END)
    history = bins.history({"sfu/a": "a"})
    assert (history.series_ids, history.start, history.end) == (("sfu/a",), END - 5400, END)
    assert np.isnan(history.values).all()
    assert (history.states == PointState.MISSING).all()
    assert bins.unsettled(["a"], first=0, last=POINTS).all()


def test_only_what_is_over_is_settled() -> None:
    unsettled = filled("a").unsettled(["a"], first=0, last=POINTS)
    npt.assert_array_equal(unsettled, [[False] * 5 + [True]])


@given(st.integers(min_value=-8, max_value=8))
def test_moving_keeps_every_bin_that_still_lies_in_the_window(shift: int) -> None:
    bins = filled("a")
    bins.move(["b", "a"], end=END + shift * BIN_SECONDS)
    numbers = np.arange(94, 100) + shift
    expected = np.where((numbers >= 94) & (numbers < 100), numbers, np.nan)
    history = bins.history({"a": "a", "b": "b"})
    npt.assert_array_equal(history.values, [expected, np.full(POINTS, np.nan)])
    npt.assert_array_equal(history.states[0] == PointState.MISSING, np.isnan(expected))
    settled = (numbers >= 94) & (numbers < 99)
    npt.assert_array_equal(bins.unsettled(["a"], first=0, last=POINTS)[0], ~settled)


def test_a_series_that_left_is_forgotten() -> None:
    bins = filled("a")
    bins.move([], end=END)
    bins.move(["a"], end=END)
    assert np.isnan(bins.history({"a": "a"}).values).all()


def test_two_pools_may_be_one_series() -> None:
    history = filled("a").history({"sfu/x": "a", "sfu/y": "a"})
    npt.assert_array_equal(history.values[0], history.values[1])


def test_a_history_is_a_copy() -> None:
    bins = filled("a")
    before = bins.history({"a": "a"})
    bins.put(["a"], block(-1.0), first=0, settled_until=END)
    assert before.values[0, 0] == 94.0
