from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from forecast.arrays import FloatArray
from forecast.backtest.contestants import BASELINE, MODELS, find_model
from forecast.backtest.rolling import Origin, forecast_table, issue, read_origins, spread_origins
from forecast.errors import HistoryError
from forecast.models.task import Task
from forecast.panel import PanelSeries, read_panel

DAYS = 10
TIMES = pd.date_range("2026-03-02", periods=24 * DAYS, freq="h")
ORIGINS = pd.DataFrame(
    {
        "series_id": ["a"],
        "origin": ["2026-03-05 06:00"],
        "window_points": [48],
        "season_points": [24],
        "horizon_points": [24],
    }
)


def panel() -> Mapping[str, PanelSeries]:
    values = np.arange(24.0 * DAYS)
    table = pd.DataFrame({"series_id": "a", "timestamp": TIMES, "value": values})
    return read_panel(table, source="panel")


def test_an_origin_is_the_point_of_step_one() -> None:
    assert read_origins(ORIGINS, panel(), source="o.csv") == [Origin("a", 78, 48, 24, 24)]


def test_a_model_sees_the_window_before_the_origin_and_nothing_else() -> None:
    tasks: list[Task] = []

    def spy(task: Task) -> FloatArray:
        tasks.append(task)
        return np.zeros((task.steps, len(task.quantiles)))

    ticks = iter([1.0, 3.5])
    issued = list(
        issue(panel(), [Origin("a", 78, 48, 24, 24)], {"spy": spy}, clock=lambda: next(ticks))
    )
    assert tasks[0].history.values[0].tolist() == list(range(30, 78))
    assert tasks[0].steps == 24
    assert issued[0].seconds == 2.5


def test_every_forecast_becomes_a_row_per_step() -> None:
    origins = read_origins(ORIGINS, panel(), source="o.csv")
    naive = {BASELINE: find_model(BASELINE)}
    table = forecast_table(list(issue(panel(), origins, naive, clock=lambda: 0.0)), panel())
    assert list(table.columns) == [
        "model", "series_id", "origin", "step", "q0.5", "q0.9", "q0.95", "q0.99",
    ]  # fmt: skip
    assert table["step"].tolist() == list(range(1, 25))
    assert str(table["origin"].iloc[0]) == "2026-03-05 06:00:00"


def test_without_origins_they_are_spread_over_what_follows_the_first_window() -> None:
    origins = spread_origins(panel())
    assert len(origins) == 22
    assert origins[0] == Origin("a", 120, 120, 24, 24)
    assert origins[-1].index == 24 * 9
    assert len({origin.index % 24 for origin in origins}) > 8


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"series_id": "b"}, "o.csv: row 2 names series 'b', the panel has no such"),
        ({"origin": "2026-03-05 06:30"}, "o.csv: row 2 needs 48 points before 2026-03-05 06:30"),
        ({"origin": "2026-03-03"}, "needs 48 points before"),
        ({"origin": "2026-03-11 18:00"}, "and 24 from there on"),
        ({"window_points": 0}, "must have window_points, season_points, horizon_points of 1"),
        ({"horizon_points": "day"}, "must have window_points"),
        ({"origin": "noon"}, "origin is 'noon' in row 2, must be a time"),
    ],
)
def test_origins_that_do_not_fit_the_panel_are_named(
    change: dict[str, str | int], message: str
) -> None:
    with pytest.raises(HistoryError, match=message):
        read_origins(ORIGINS.assign(**change), panel(), source="o.csv")


def test_origins_need_all_their_columns() -> None:
    with pytest.raises(HistoryError, match="column 'origin' is missing"):
        read_origins(ORIGINS.drop(columns="origin"), panel(), source="o.csv")


def test_a_series_of_three_days_is_too_short_for_a_backtest() -> None:
    short = pd.DataFrame({"timestamp": TIMES[:72], "value": 1.0})
    with pytest.raises(HistoryError, match="has 3 days, a backtest needs at least 4"):
        spread_origins(read_panel(short, source="panel"))


def test_an_unknown_model_is_refused_with_those_there_are() -> None:
    with pytest.raises(HistoryError, match="model 'oracle' is unknown, must be one of meetscale"):
        find_model("oracle")


@pytest.mark.parametrize("name", MODELS)
def test_every_model_answers_every_task_with_ordered_numbers(name: str) -> None:
    origins = [Origin("a", 216, 216, 24, 24)]
    (issued,) = issue(panel(), origins, {name: find_model(name)}, clock=lambda: 0.0)
    assert issued.quantiles.shape == (24, 4)
    assert np.isfinite(issued.quantiles).all()
    assert (np.diff(issued.quantiles, axis=1) >= 0.0).all()
