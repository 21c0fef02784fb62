import numpy as np
import pytest

from forecast.backtest.surge import FIRST_ORIGIN, SERIES, first_surge, matches
from forecast.calendar import DAY, HOUR, Calendar
from forecast.errors import HistoryError
from forecast.panel import PanelSeries
from tests.forecast.histories import history, office_weeks


def test_matches_are_dated_in_paris_and_learned() -> None:
    first, second = matches()[:2]
    assert first.start == FIRST_ORIGIN + 15 * HOUR + HOUR // 2
    assert second.start == FIRST_ORIGIN + 19 * HOUR
    assert {(each.multiplier, each.participants, each.tag) for each in matches()} == {
        (None, None, "match")
    }


def test_an_announced_match_is_covered_where_history_alone_is_not() -> None:
    values = office_weeks(32, step=HOUR)
    past = history(values, step=HOUR, end=FIRST_ORIGIN + 4 * DAY)
    for match in matches():
        first = (match.start - past.start) // HOUR
        past.values[0, first : first + 2] = 3000.0
    panel = {
        SERIES: PanelSeries(
            history=past,
            scored=np.ones(past.points, dtype=np.bool_),
            calendar=Calendar(),
        )
    }
    alone, announced = (first_surge(panel, announced=each) for each in (False, True))
    assert announced.coverage > alone.coverage
    assert announced.under_provision < alone.under_provision


def test_a_panel_without_the_series_is_refused() -> None:
    with pytest.raises(HistoryError, match="series 'wc98' is missing"):
        first_surge({}, announced=False)
