import numpy as np
import pytest

from autoscaler.planner.envelope import FloatArray
from autoscaler.planner.weeks import KEPT_WEEKS, WEEK, monday, week_of, weekly_peaks
from forecast.history import History, PointState
from tests.autoscaler.planner.examples import MIDNIGHT

DAYS = 86_400


def history(daily: list[float], *, end: int = MIDNIGHT, **states: PointState) -> History:
    """One series of one value a day, up to `end`; `d3=...` is the state of the third from then."""
    found = np.full((1, len(daily)), PointState.OBSERVED, dtype=np.uint8)
    for name, state in states.items():
        found[0, -int(name[1:])] = state
    values = np.array([daily])
    return History(("a",), end - len(daily) * DAYS, DAYS, values, found)


def whole(daily: list[float], **states: PointState) -> FloatArray:
    found: FloatArray = weekly_peaks(history(daily, **states), known=None).values[0]
    return found


def test_weeks_begin_on_monday() -> None:
    assert monday(week_of(MIDNIGHT)) == MIDNIGHT
    assert week_of(MIDNIGHT - 1) == week_of(MIDNIGHT) - 1


def test_each_whole_week_has_its_peak() -> None:
    assert whole([1.0] * 3 + [9.0] + [2.0] * 3 + [4.0] * 7)[-2:].tolist() == [9.0, 4.0]


def test_the_running_week_is_kept_apart() -> None:
    peaks = weekly_peaks(history([4.0] * 7 + [7.0, 5.0], end=MIDNIGHT + 2 * DAYS), known=None)
    assert (peaks.values[0, -1], peaks.running[0], peaks.monday) == (4.0, 7.0, MIDNIGHT)


def test_on_monday_at_midnight_nothing_of_the_week_is_known() -> None:
    peaks = weekly_peaks(history([4.0] * 7), known=None)
    assert (peaks.running[0], peaks.monday) == (0.0, MIDNIGHT)


@pytest.mark.parametrize(("missing", "known"), [(1, True), (2, False)])
def test_a_week_of_which_much_is_missing_has_no_peak(missing: int, known: bool) -> None:
    states = {f"d{day}": PointState.STALE for day in range(1, missing + 1)}
    peak = weekly_peaks(history([4.0] * 7, **states), known=None).values[0, -1]
    assert np.isfinite(peak) == known


def test_a_lower_bound_is_a_peak_and_an_old_value_is_not() -> None:
    daily = [4.0] * 5 + [8.0, 9.0]
    assert whole(daily, d2=PointState.CENSORED, d1=PointState.STALE)[-1] == 8.0


def test_older_weeks_are_remembered_and_the_oldest_forgotten() -> None:
    known = weekly_peaks(history([3.0] * 7 * KEPT_WEEKS), known=None)
    later = weekly_peaks(history([5.0] * 14, end=MIDNIGHT + 2 * WEEK), known=known)
    assert later.values[0].tolist() == [3.0] * (KEPT_WEEKS - 2) + [5.0] * 2


def test_a_series_that_is_not_known_has_no_peaks() -> None:
    peaks = weekly_peaks(history([4.0] * 7), known=None)
    assert np.isnan(peaks.of(["b"])).all()
    assert peaks.running_of(["b", "a"]).tolist() == [0.0, 0.0]
