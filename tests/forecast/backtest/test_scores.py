"""Golden values, worked out by hand from the definitions."""

import json

import numpy as np
import pandas as pd
import pytest

from forecast.arrays import FloatArray
from forecast.backtest.rolling import Issued, Origin
from forecast.backtest.scores import score
from forecast.panel import PanelSeries, read_panel

DAY = 24


def series(values: FloatArray, *, imputed: tuple[int, ...] = ()) -> PanelSeries:
    table = pd.DataFrame(
        {
            "timestamp": pd.date_range("2026-03-02", periods=values.size, freq="h"),
            "value": values,
            "imputed": np.isin(np.arange(values.size), imputed).astype(int),
        }
    )
    return read_panel(table, source="panel")["demand"]


def issued(model: str, name: str, index: int, level: float) -> Issued:
    """Every quantile of every step is `level`."""
    return Issued(model, Origin(name, index, DAY * 2, DAY, DAY), np.full((DAY, 4), level), 0.5)


def ramp() -> FloatArray:
    """Two days that differ by 10 each hour, then a day of 100 participants."""
    return np.concatenate([np.full(DAY, 10.0), np.full(DAY, 20.0), np.full(DAY, 100.0)])


def test_losses_are_pooled_and_compared_with_the_baseline() -> None:
    forecasts = [issued("base", "a", 48, 0.0), issued("ours", "a", 48, 100.0 - 10.0)]
    scores = score(forecasts, {"a": series(ramp())}, baseline="base")
    day = scores["ours"]["leads"]["24h"]
    # under by 10 of 100 everywhere: 2 * 10 * mean(0.5, 0.9, 0.95, 0.99) / 100
    assert day["series"]["a"]["wql"] == pytest.approx(0.2 * 0.835)
    assert day["rel_wql"] == pytest.approx(0.1)
    assert day["mase"] == pytest.approx(1.0)  # 10 off, and a day before was 10 off
    assert (day["cov95"], day["cov99"]) == (0.0, 0.0)
    assert scores["base"]["leads"]["24h"]["rel_wql"] == pytest.approx(1.0)
    assert scores["ours"]["seconds_per_fit"] == 0.5


def test_leads_are_the_hour_and_the_day_and_the_first_step_of_quarter_hours() -> None:
    scores = score([issued("base", "a", 48, 1.0)], {"a": series(ramp())}, baseline="base")
    assert list(scores["base"]["leads"]) == ["1h", "24h"]


def test_over_series_ratios_multiply_and_coverage_averages() -> None:
    panel = {"a": series(ramp()), "b": series(ramp())}
    forecasts = [issued("base", name, 48, 0.0) for name in panel]
    forecasts += [issued("ours", "a", 48, 90.0), issued("ours", "b", 48, 100.0)]
    forecasts[-1].quantiles[:, 0] = 60.0  # 0.5 quantile: 40 under
    day = score(forecasts, panel, baseline="base")["ours"]["leads"]["24h"]
    # b: 2 * (0.5 * 40) / 4 / 100 = 0.1 against 1.67: the mean of both ratios is geometric
    assert day["rel_wql"] == pytest.approx(np.sqrt(0.1 * 0.1 / 1.67))
    assert (day["cov95"], day["worst_cov95"], day["cov99"]) == (0.5, 0.0, 0.5)


def test_imputed_and_missing_points_are_not_scored() -> None:
    values = ramp()
    values[60:] = np.nan
    panel = {"a": series(values, imputed=tuple(range(48, 54)))}
    forecast = issued("base", "a", 48, 100.0)
    forecast.quantiles[:6] = 1e6
    day = score([forecast], panel, baseline="base")["base"]["leads"]["24h"]
    assert day["series"]["a"]["wql"] == 0.0


def test_what_has_no_ratio_has_none_in_json() -> None:
    panel = {"a": series(np.zeros(3 * DAY))}
    scores = score([issued("base", "a", 48, 1.0)], panel, baseline="base")
    day = json.loads(json.dumps(scores, allow_nan=False))["base"]["leads"]["24h"]
    assert (day["rel_wql"], day["mase"], day["series"]["a"]["wql"]) == (None, None, None)
    assert day["cov95"] == 1.0
