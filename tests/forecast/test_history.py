import numpy as np
import pytest

from forecast.errors import HistoryError
from forecast.history import History, PointState, Samples
from tests.forecast.histories import MONDAY, QUARTER_HOUR, history

SEEN, CENSORED, MISSING, STALE, PARTIAL = PointState


def samples(*points: tuple[int, float, PointState]) -> Samples:
    times, values, states = zip(*points, strict=True)
    return Samples(
        times=np.array(times), values=np.array(values), states=np.array(states, dtype=np.uint8)
    )


@pytest.mark.parametrize(
    ("points", "value", "state"),
    [
        ([(0, 3.0, SEEN), (899, 5.0, SEEN), (30, 4.0, SEEN)], 5.0, SEEN),
        ([(0, 9.0, STALE), (10, 5.0, SEEN)], 5.0, SEEN),
        ([(0, 9.0, STALE), (10, 5.0, PARTIAL)], 5.0, PARTIAL),
        ([(0, 9.0, STALE)], 9.0, STALE),
        ([(0, 9.0, SEEN), (10, 5.0, CENSORED)], 9.0, CENSORED),
        ([(0, 5.0, SEEN), (10, 9.0, CENSORED)], 9.0, CENSORED),
        ([(0, 9.0, PARTIAL), (10, 5.0, CENSORED)], 9.0, CENSORED),
        ([(0, 9.0, PARTIAL), (10, 5.0, SEEN)], 9.0, SEEN),
        ([(0, 9.0, MISSING)], np.nan, MISSING),
        ([(0, np.nan, SEEN)], np.nan, MISSING),
        ([(900, 5.0, SEEN), (-1, 5.0, SEEN)], np.nan, MISSING),
    ],
)
def test_an_interval_holds_its_most_trusted_peak(
    points: list[tuple[int, float, PointState]], value: float, state: PointState
) -> None:
    grid = History.from_samples({"a": samples(*points)}, start=0, end=900, step_seconds=900)
    np.testing.assert_array_equal(grid.values, [[value]])
    assert grid.states[0, 0] == state


def test_samples_without_states_are_observed() -> None:
    series = Samples(times=np.array([1801, 0]), values=np.array([2.0, 1.0]))
    grid = History.from_samples({"a": series}, start=0, end=2700, step_seconds=900)
    np.testing.assert_array_equal(grid.values, [[1.0, np.nan, 2.0]])
    np.testing.assert_array_equal(grid.states, [[SEEN, MISSING, SEEN]])
    assert grid.end == 2700


def test_a_window_holds_whole_intervals_only() -> None:
    past = history(np.arange(4.0))
    begin = past.start
    assert past.window(begin + 1, MONDAY - 1).values.tolist() == [[1.0, 2.0]]
    assert past.window(begin - 99, MONDAY + 99).values.tolist() == [[0.0, 1.0, 2.0, 3.0]]
    assert past.window(MONDAY, MONDAY + 900).points == 0


def test_a_span_is_padded_with_missing_points() -> None:
    past = history(np.arange(2.0))
    wide = past.spanning(past.start - QUARTER_HOUR, MONDAY + QUARTER_HOUR)
    np.testing.assert_array_equal(wide.values, [[np.nan, 0.0, 1.0, np.nan]])
    np.testing.assert_array_equal(wide.states, [[MISSING, SEEN, SEEN, MISSING]])
    elsewhere = past.spanning(MONDAY + 900, MONDAY + 2700)
    assert np.isnan(elsewhere.values).all()
    assert elsewhere.points == 2


def test_series_are_selected_in_the_order_asked_for() -> None:
    past = history(np.array([[1.0], [2.0], [3.0]]), names=("a", "b", "c"))
    assert past.select(("c", "a")).values.tolist() == [[3.0], [1.0]]
    with pytest.raises(HistoryError, match="no series 'd'"):
        past.select(("d",))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"step_seconds": 0}, "step_seconds is 0, must be positive"),
        ({"series_ids": ("a", "a")}, "series 'a' is there twice"),
        ({"series_ids": ("a",)}, "1 series_ids for 2 rows"),
        ({"states": np.zeros((2, 3), dtype=np.uint8)}, r"states \(2, 3\)"),
    ],
)
def test_parts_that_do_not_fit_are_refused(change: dict[str, object], message: str) -> None:
    parts: dict[str, object] = {
        "series_ids": ("a", "b"),
        "start": 0,
        "step_seconds": 900,
        "values": np.zeros((2, 2)),
        "states": np.zeros((2, 2), dtype=np.uint8),
    }
    with pytest.raises(HistoryError, match=message):
        History(**{**parts, **change})  # type: ignore[arg-type]
