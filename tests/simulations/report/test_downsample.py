import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecast.arrays import FloatArray
from simulations.report.downsample import kept_ticks, runs, worst_ticks

VALUES = arrays(np.float64, st.integers(1, 400), elements=st.floats(-1e6, 1e6))


@given(VALUES, st.integers(1, 20))
def test_no_extreme_is_lost(values: FloatArray, buckets: int) -> None:
    kept = values[kept_ticks([values], buckets=buckets)]

    assert kept.max() == values.max()
    assert kept.min() == values.min()
    assert (kept[0], kept[-1]) == (values[0], values[-1])


@given(VALUES, st.integers(1, 20))
def test_ticks_ascend_and_are_few(values: FloatArray, buckets: int) -> None:
    ticks = kept_ticks([values], buckets=buckets)

    assert (np.diff(ticks) > 0).all()
    assert len(ticks) <= 4 * buckets + 2


def test_a_spike_of_one_tick_in_a_week_is_kept() -> None:
    values = np.zeros(10_080)
    values[7_777] = 1.0

    assert 7_777 in kept_ticks([values], buckets=100)


def test_gaps_do_not_hide_extremes() -> None:
    values = np.full(1000, np.nan)
    values[500] = 3.0

    assert 500 in kept_ticks([values], buckets=10)


def test_hovers_show_the_worst_tick_of_each_part() -> None:
    assert worst_ticks(np.array([0, 9, 0, 1, 2, 7]), buckets=2).tolist() == [1, 5]


def test_runs_are_half_open() -> None:
    flags = np.array([True, True, False, True])

    assert runs(flags) == [(0, 2), (3, 4)]
    assert runs(np.zeros(3, dtype=np.bool_)) == []


def test_short_pauses_do_not_end_a_run_where_asked_for() -> None:
    flags = np.array([1, 0, 1, 0, 0, 1], dtype=bool)

    assert runs(flags) == [(0, 1), (2, 3), (5, 6)]
    assert runs(flags, gap=1) == [(0, 3), (5, 6)]
    assert runs(np.zeros(3, dtype=bool), gap=1) == []
