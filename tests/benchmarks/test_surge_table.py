import numpy as np

from benchmarks.surge_table import surge_table
from forecast.backtest.surge import FIRST_ORIGIN, SERIES
from forecast.calendar import DAY, HOUR, Calendar
from forecast.panel import PanelSeries
from tests.forecast.histories import history, office_weeks


def test_ours_without_and_with_announcements_and_their_goals() -> None:
    past = history(office_weeks(32, step=HOUR), step=HOUR, end=FIRST_ORIGIN + 4 * DAY)
    series = PanelSeries(
        history=past, scored=np.ones(past.points, dtype=np.bool_), calendar=Calendar()
    )
    table = surge_table({SERIES: series})
    assert [row[0] for row in table.rows] == [
        "history alone",
        "each match two days ahead",
        "**goal**, history alone",
        "**goal**, announced",
    ]
    assert {len(row) for row in table.rows} == {len(table.columns)}
    assert float(table.rows[0][1]) > 0.8  # an office that has no surge is covered
