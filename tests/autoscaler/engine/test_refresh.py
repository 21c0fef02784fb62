from autoscaler.engine.refresh import keep_rows
from forecast.result import Forecast, ForecastMode
from tests.autoscaler.planner.examples import MIDNIGHT, QUARTER, forecast


def median(issued: Forecast, name: str) -> list[float]:
    rows: list[float] = issued.values[issued.series_ids.index(name), :, 0].tolist()
    return rows


def test_a_blind_pool_keeps_its_last_trusted_forecast_on_the_new_grid() -> None:
    last = forecast({"a": [1.0, 2.0, 3.0, 4.0], "b": [10.0, 20.0, 30.0, 40.0]})
    issued = forecast({"b": [7.0] * 4, "a": [8.0] * 4}, start=MIDNIGHT + 2 * QUARTER)
    kept = keep_rows(issued, last, {"a"})
    assert median(kept, "a") == [3.0, 4.0, 0.0, 0.0]  # past its end it asks for nothing
    assert median(kept, "b") == [7.0] * 4


def test_its_mode_is_kept_with_it() -> None:
    last = forecast({"a": [1.0]}, mode=ForecastMode.OUTSIDE_HISTORY)
    assert keep_rows(forecast({"a": [8.0]}), last, {"a"}).modes == (ForecastMode.OUTSIDE_HISTORY,)


def test_a_forecast_that_has_ended_leaves_nothing() -> None:
    last = forecast({"a": [1.0, 2.0]})
    issued = forecast({"a": [8.0, 8.0]}, start=MIDNIGHT + 9 * QUARTER)
    assert median(keep_rows(issued, last, {"a"}), "a") == [0.0, 0.0]


def test_what_cannot_be_compared_is_replaced() -> None:
    issued = forecast({"a": [8.0, 8.0]})
    assert keep_rows(issued, None, {"a"}) is issued
    assert keep_rows(issued, forecast({"a": [1.0]}, step_seconds=60), {"a"}) is issued
    assert median(keep_rows(issued, forecast({"b": [1.0]}), {"a"}), "a") == [8.0, 8.0]
