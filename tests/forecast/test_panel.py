from datetime import date

import numpy as np
import pandas as pd
import pytest

from forecast.columns import ONLY_SERIES
from forecast.errors import HistoryError
from forecast.history import PointState
from forecast.panel import read_panel

ROWS = [
    ("2026-03-02 02:00", 3.0),
    ("2026-03-02 00:00", 1.0),
    ("2026-03-02 01:00", 2.0),
    ("2026-03-02 04:00", 5.0),
]
TABLE = pd.DataFrame(ROWS, columns=["timestamp", "value"])


def test_times_are_sorted_and_what_is_not_there_is_missing() -> None:
    (name, series), *_ = read_panel(TABLE, source="a.csv").items()
    assert name == ONLY_SERIES
    np.testing.assert_array_equal(series.values, [1.0, 2.0, 3.0, np.nan, 5.0])
    assert series.history.states[0, 3] == PointState.MISSING
    assert series.history.step_seconds == 3600
    assert series.scored.tolist() == [True, True, True, False, True]


def test_each_series_has_its_own_grid() -> None:
    other = pd.DataFrame({"timestamp": ["2026-01-01", "2026-01-01 00:15"], "value": [1, 2]})
    panel = read_panel(
        pd.concat([TABLE.assign(series_id="b"), other.assign(series_id="a")]), source="a.csv"
    )
    assert list(panel) == ["b", "a"]
    assert panel["a"].history.step_seconds == 900


def test_imputed_values_are_seen_and_not_scored_and_holidays_mark_days() -> None:
    table = TABLE.assign(imputed=[0, 1, 0, 0], holiday=[1, 1, 1, 1])
    series = read_panel(table, source="a.csv")[ONLY_SERIES]
    assert series.values[0] == 1.0
    assert series.scored.tolist() == [False, True, True, False, True]
    assert series.calendar.default.holidays == {date(2026, 3, 2)}


def test_times_with_a_zone_are_put_on_one_clock() -> None:
    zoned = TABLE.assign(timestamp=[f"{time}+01:00" for time in TABLE["timestamp"]])
    plain, shifted = (read_panel(each, source="a")[ONLY_SERIES] for each in (TABLE, zoned))
    assert shifted.history.start == plain.history.start - 3600


def changed(column: str, value: str) -> pd.DataFrame:
    cells = TABLE[column].astype(str).tolist()
    return TABLE.assign(**{column: [cells[0], value, *cells[2:]]})


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (TABLE.drop(columns="value"), "a.csv: column 'value' is missing, there are timestamp"),
        (TABLE.iloc[:0], "a.csv: has no rows"),
        (TABLE.iloc[:1], "series 'demand' has 1 row, needs at least two"),
        (changed("value", "many"), "a.csv: value is 'many' in row 3, must be a number"),
        (changed("timestamp", "soon"), "a.csv: timestamp is 'soon' in row 3, must be a time such"),
        (changed("timestamp", "2026-03-02 01:00"), "has 2026-03-02 01:00:00 twice"),
        (changed("timestamp", "2026-03-02 01:41"), "is not on a regular grid that divides a day"),
        (TABLE.assign(imputed=["x", 0, 0, 0]), "imputed is 'x' in row 2, must be a number"),
    ],
)
def test_what_cannot_be_read_is_named(table: pd.DataFrame, message: str) -> None:
    with pytest.raises(HistoryError, match=message):
        read_panel(table, source="a.csv")


def test_finer_steps_become_peaks_of_whole_longer_ones() -> None:
    times = pd.date_range("2026-03-02 00:10", periods=10, freq="5min")
    values = [9.0, 1.0, 2.0, 3.0, 6.0, np.nan, 4.0, np.nan, np.nan, np.nan]
    table = pd.DataFrame({"timestamp": times, "value": values})
    series = read_panel(table, source="x")["demand"].peaks(900)

    assert series.history.start == int(times[1].timestamp())
    np.testing.assert_array_equal(series.values, [3.0, 6.0, np.nan])
    assert series.history.states[0].tolist() == [0, 0, 2]
    assert series.scored.tolist() == [True, False, False]


def test_longer_steps_stay_as_they_are() -> None:
    times = pd.date_range("2026-03-02", periods=4, freq="h")
    table = pd.DataFrame({"timestamp": times, "value": 1.0})
    series = read_panel(table, source="x")["demand"]
    assert series.peaks(900) is series
