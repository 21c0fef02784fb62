"""Rolling online evaluation: what the trackers make of the bands, forecast by forecast."""

from dataclasses import dataclass

import numpy as np

from forecast.arrays import FloatArray, IntArray
from forecast.calendar import DAY
from forecast.forecaster import Forecaster
from forecast.panel import PanelSeries
from forecast.record import Record
from forecast.tracking import track


@dataclass(frozen=True, slots=True, eq=False)
class Covered:
    """Which share of the scored values was at or below each quantile: (leads, quantiles)."""

    raw: FloatArray
    calibrated: FloatArray


def walk(series: PanelSeries, *, days: int) -> Covered:
    """Forecast the last days of a series at each step of its grid, with trackers and without."""
    history, begin = series.history, series.history.end - days * DAY
    step, forecaster = history.step_seconds, Forecaster()
    record: Record | None = None
    fitted = None
    raw_hits, hits = [], []
    for now in range(begin, history.end, step):
        past = history.window(history.start, now)
        raw, fitted = forecaster.refresh(
            past,
            now=now,
            horizon_steps=2 * DAY // step,
            calendar=series.calendar,
            fitted=fitted,
        )
        shown, record = track(raw, past, record=record)
        at = np.array(record.leads) - 1
        actual = _scored(series, (now - history.start) // step + at)
        known = np.where(np.isnan(actual), np.nan, 1.0)[:, None]
        raw_hits.append(known * (actual[:, None] <= raw.values[0, at]))
        hits.append(known * (actual[:, None] <= shown.values[0, at]))
    return Covered(
        raw=np.nanmean(np.stack(raw_hits), axis=0), calibrated=np.nanmean(np.stack(hits), axis=0)
    )


def _scored(series: PanelSeries, index: IntArray) -> FloatArray:
    inside = index < series.history.points
    at = np.where(inside, index, 0)
    scored: FloatArray = np.where(inside & series.scored[at], series.values[at], np.nan)
    return scored
