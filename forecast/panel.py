"""A table of series as people keep it (CSV, Parquet), read into histories."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from forecast.arrays import BoolArray, FloatArray, UInt8Array
from forecast.calendar import DAY, Calendar, Place
from forecast.columns import check_columns, epoch_seconds, flags, numbers, series_names
from forecast.errors import HistoryError
from forecast.history import History, PointState


@dataclass(frozen=True, slots=True, eq=False)
class PanelSeries:
    """One series on its own grid; `scored` (points,) says which values may be scored."""

    history: History
    scored: BoolArray
    calendar: Calendar

    @property
    def values(self) -> FloatArray:
        """Participants (points,), NaN where missing."""
        values: FloatArray = self.history.values[0]
        return values

    def peaks(self, step_seconds: int) -> "PanelSeries":
        """Return the largest values of longer steps, scored where each of theirs is.

        Steps that the series covers only partly, at its ends, are left out; a series whose own
        steps do not divide `step_seconds` is returned as it is.
        """
        history = self.history
        ratio, odd = divmod(step_seconds, history.step_seconds)
        if odd or ratio < 2:
            return self
        first = -history.start % step_seconds // history.step_seconds
        whole = slice(first, first + (history.points - first) // ratio * ratio)
        values = self.values[whole].reshape(-1, ratio)
        peaks = np.fmax.reduce(values, axis=1)[None]
        return PanelSeries(
            history=History(
                series_ids=history.series_ids,
                start=history.start + first * history.step_seconds,
                step_seconds=step_seconds,
                values=peaks,
                states=_states(peaks),
            ),
            scored=np.logical_and.reduce(self.scored[whole].reshape(-1, ratio), axis=1),
            calendar=self.calendar,
        )


def read_panel(table: pd.DataFrame, *, source: str) -> Mapping[str, PanelSeries]:
    """Read a table with columns timestamp and value, and optionally series_id, imputed and holiday.

    Times without a zone are taken as they stand; each series needs a regular grid that divides a
    day, on which times may be missing. `imputed` values are seen by models and never scored,
    `holiday` marks days. Raises HistoryError with `source` and the first thing that is wrong.
    """
    check_columns(table, source=source)
    columns = pd.DataFrame(
        {
            "series_id": series_names(table),
            "time": epoch_seconds(table["timestamp"], source=source),
            "value": numbers(table["value"], source=source),
            "imputed": flags(table, "imputed", source=source),
            "holiday": flags(table, "holiday", source=source),
        }
    )
    return {
        str(name): _read_series(str(name), rows.sort_values("time"), source=source)
        for name, rows in columns.groupby("series_id", sort=False)
    }


def _read_series(name: str, rows: pd.DataFrame, *, source: str) -> PanelSeries:
    times = rows["time"].to_numpy()
    gaps = np.diff(times)
    if times.size < 2:
        raise HistoryError(f"{source}: series {name!r} has {times.size} row, needs at least two")
    if (gaps == 0).any():
        twice = pd.Timestamp(int(times[int(np.argmax(gaps == 0))]), unit="s")
        raise HistoryError(
            f"{source}: series {name!r} has {twice} twice, each time may be there once"
        )
    step = int(gaps.min())
    if (gaps % step).any() or DAY % step:
        odd = int(np.argmax(gaps % step != 0))
        raise HistoryError(
            f"{source}: series {name!r} is not on a regular grid that divides a day "
            f"({gaps[odd]} s after {pd.Timestamp(int(times[odd]), unit='s')}, "
            f"where the shortest gap is {step} s)"
        )
    points = int((times[-1] - times[0]) // step) + 1
    index = (times - times[0]) // step
    values = np.full(points, np.nan)
    values[index] = rows["value"].to_numpy()
    values[~np.isfinite(values)] = np.nan
    scored = np.isfinite(values)
    scored[index[rows["imputed"].to_numpy()]] = False
    days = np.unique(times[rows["holiday"].to_numpy()] // DAY)
    holidays = frozenset(date(1970, 1, 1) + pd.Timedelta(days=int(day)) for day in days)
    return PanelSeries(
        history=History(
            series_ids=(name,),
            start=int(times[0]),
            step_seconds=step,
            values=values[None],
            states=_states(values[None]),
        ),
        scored=scored,
        calendar=Calendar(default=Place(holidays=holidays)),
    )


def _states(values: FloatArray) -> UInt8Array:
    return np.where(np.isnan(values), PointState.MISSING, PointState.OBSERVED).astype(np.uint8)
