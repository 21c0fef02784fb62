"""Growth from week to week, and the dates on which it meets a limit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autoscaler.planner.envelope import FloatArray
from autoscaler.planner.run_out import HORIZON_WEEKS, RunOut, named, run_out
from autoscaler.planner.trend import trend
from autoscaler.planner.weeks import WEEK
from tests.autoscaler.planner.examples import MIDNIGHT

PEAKS = arrays.arrays(
    np.float64,
    st.tuples(st.integers(1, 4), st.integers(1, 14)),
    elements=st.one_of(st.just(np.nan), st.floats(0.0, 1e7)),
)


def dates(peaks: list[float], *limits: float, running: float = 0.0) -> tuple[RunOut, ...]:
    """Return when one pool's weekly peaks, the last one ending at MIDNIGHT, reach each limit."""
    demand = np.array([limits])
    p50, p90 = run_out(
        trend(np.array([peaks])), demand, running=np.array([running]), monday=MIDNIGHT
    )
    return named([f"{limit:g}" for limit in limits], demand[0], p50[0], p90[0])


def test_doubling_every_week_reaches_eight_times_as_much_in_three() -> None:
    # 1,000 last week, 2,000 in the running one; 16,000 three weeks after it
    (found,) = dates([125.0, 250.0, 500.0, 1000.0], 16_000.0)
    assert found.date_p50 == pytest.approx(MIDNIGHT + 3 * WEEK, abs=1)
    assert found.date_p90 is not None
    assert MIDNIGHT + 2 * WEEK < found.date_p90 < MIDNIGHT + 3 * WEEK


def test_what_does_not_grow_does_not_run_out() -> None:
    (found,) = dates([1000.0] * 8, 2000.0)
    assert (found.date_p50, found.date_p90) == (None, None)


def test_few_weeks_do_not_rule_growth_out() -> None:
    # the same level; after three weeks a tenth of what may happen reaches twice that within a year
    few, many = dates([1000.0] * 3, 2000.0)[0], dates([1000.0] * 12, 2000.0)[0]
    assert few.date_p50 is None
    assert few.date_p90 is not None
    assert many.date_p90 is None


def test_one_holiday_does_not_make_growth() -> None:
    steady = [1000.0, 1010.0, 1020.0, 1030.0, 1040.0, 1050.0, 1060.0, 1070.0]
    holiday = [*steady[:6], 200.0, 1070.0]
    (usual,), (found,) = dates(steady, 1200.0), dates(holiday, 1200.0)
    assert usual.date_p50 is not None
    assert found.date_p50 == pytest.approx(usual.date_p50, abs=WEEK)


@pytest.mark.parametrize("running", [2000.0, 5000.0])
def test_a_limit_that_was_reached_this_week_bites_this_week(running: float) -> None:
    (found,) = dates([1000.0] * 8, 2000.0, running=running)
    assert (found.date_p50, found.date_p90) == (MIDNIGHT, MIDNIGHT)


@pytest.mark.parametrize("weeks", [0, 1, 2])
def test_less_than_three_weeks_say_nothing(weeks: int) -> None:
    peaks = [float("nan")] * (8 - weeks) + [1000.0 * 3**week for week in range(weeks)]
    (found,) = dates(peaks, 10_000.0)
    assert (found.date_p50, found.date_p90) == (None, None)


def test_a_larger_limit_bites_later() -> None:
    first, second, third = dates([100.0, 110.0, 120.0, 135.0], 200.0, 400.0, 1e9)
    assert first.date_p50 is not None
    assert second.date_p50 is not None
    assert first.date_p50 < second.date_p50
    assert third.date_p50 is None


def test_the_p90_is_one_in_ten() -> None:
    """Random growth and noise: a peak four weeks ahead is above its P90 about once in ten."""
    rng = np.random.default_rng(5)
    growth = rng.normal(0.02, 0.03, 4000)[:, None]
    weeks = np.arange(10)[None, :]
    logs = 7.0 + growth * weeks + 0.08 * rng.standard_normal((4000, 10))
    ahead = trend(np.exp(logs[:, :6])).peaks(np.array([3.0]), quantile=0.9)[:, 0]
    covered = float((np.exp(logs[:, 9]) <= ahead).mean())
    assert 0.85 <= covered <= 0.95


@given(PEAKS, st.floats(1.0, 1e8), st.floats(0.0, 1e8))
def test_dates_are_within_the_horizon_and_the_p90_comes_first(
    peaks: FloatArray, limit: float, running: float
) -> None:
    series = peaks.shape[0]
    p50, p90 = run_out(
        trend(peaks),
        np.full((series, 1), limit),
        running=np.full(series, running),
        monday=MIDNIGHT,
    )
    for median, early in zip(p50[:, 0], p90[:, 0], strict=True):
        assert np.isnan(median) or MIDNIGHT <= median <= MIDNIGHT + HORIZON_WEEKS * WEEK
        assert np.isnan(median) or early <= median


@given(PEAKS, st.floats(1.0, 1e8))
def test_pools_do_not_disturb_each_other(peaks: FloatArray, limit: float) -> None:
    def both(rows: FloatArray) -> FloatArray:
        found = run_out(
            trend(rows),
            np.full((len(rows), 1), limit),
            running=np.zeros(len(rows)),
            monday=MIDNIGHT,
        )
        return np.concatenate(found, axis=1)

    together = both(peaks)
    for row in range(len(peaks)):
        np.testing.assert_allclose(both(peaks[row : row + 1])[0], together[row])
