from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from forecast.bookings import Bookings
from forecast.bookings_table import read_bookings
from forecast.calendar import DAY
from forecast.errors import HistoryError
from forecast.history import History
from tests.forecast.histories import MONDAY, history

HOUR = 3600
HISTORY = history(np.ones((1, 4)), names=("eu",), step=900, end=MONDAY)


def read(table: pd.DataFrame, histories: Mapping[str, History] | None = None) -> Bookings:
    found = read_bookings(
        table,
        histories or {"eu": HISTORY},
        source="b.csv",
        known_ahead_seconds=DAY,
        horizon_seconds=HOUR,
    )
    return found["eu"]


def rows(*told: tuple[str, object]) -> pd.DataFrame:
    return pd.DataFrame(told, columns=["timestamp", "value"])


def test_a_value_holds_until_the_next_row_is_due_and_past_the_end_of_demand() -> None:
    booked = read(rows(("2026-03-01 23:00", 7.0), ("2026-03-01 23:30", 8.0), ("2026-03-02", 9.0)))
    assert (booked.start, booked.step_seconds, booked.known_ahead_seconds) == (
        HISTORY.start,
        900,
        (DAY,),
    )
    nothing = [np.nan, np.nan]
    np.testing.assert_array_equal(booked.values, [[7.0, 7.0, 8.0, 8.0, 9.0, 9.0, *nothing]])


def test_of_finer_rows_the_largest_counts() -> None:
    told = [(f"2026-03-01T23:{minute:02}+00:00", float(minute % 15)) for minute in range(30)]
    np.testing.assert_array_equal(read(rows(*told)).values[0, :3], [14.0, 14.0, np.nan])


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (pd.DataFrame({"value": [1.0]}), "b.csv: column 'timestamp' is missing"),
        (rows(("2026-03-01", 1.0), ("soon", 2.0)), "b.csv: timestamp is 'soon' in row 3"),
        (rows(("2026-03-01", "many")), "b.csv: value is 'many' in row 2, must be a number"),
        (rows(("2026-03-01", -3.0)), "b.csv: value is -3 in row 2, must be participants booked"),
        (
            rows(("2026-03-01", 1.0)).assign(series_id="us"),
            "b.csv: series 'us' has bookings and no demand, there are eu",
        ),
    ],
)
def test_what_is_wrong_is_named(table: pd.DataFrame, sentence: str) -> None:
    with pytest.raises(HistoryError, match=sentence):
        read(table)


def test_bookings_of_several_series_need_names() -> None:
    with pytest.raises(HistoryError, match=r"column 'series_id' is missing, demand has .* eu, us"):
        read(rows(("2026-03-01", 1.0)), {"eu": HISTORY, "us": HISTORY})
