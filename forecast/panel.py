"""A table of series as people keep it (CSV, Parquet), read into histories."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from forecast.arrays import BoolArray, FloatArray
from forecast.calendar import DAY, Calendar, Place
from forecast.errors import HistoryError
from forecast.history import History, PointState

ONLY_SERIES = "demand"
"""What the series of a table without a series_id column is called."""


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


def read_panel(table: pd.DataFrame, *, source: str) -> Mapping[str, PanelSeries]:
    """Read a table with columns timestamp and value, and optionally series_id, imputed and holiday.

    Times without a zone are taken as they stand; each series needs a regular grid that divides a
    day, on which times may be missing. `imputed` values are seen by models and never scored,
    `holiday` marks days. Raises HistoryError with `source` and the first thing that is wrong.
    """
    for column in ("timestamp", "value"):
        if column not in table.columns:
            raise HistoryError(
                f"{source}: column {column!r} is missing, "
                f"there are {', '.join(map(str, table.columns))}"
            )
    if table.empty:
        raise HistoryError(f"{source}: has no rows, needs at least two per series")
    columns = pd.DataFrame(
        {
            "series_id": _names(table),
            "time": epoch_seconds(table["timestamp"], source=source),
            "value": _numbers(table["value"], source=source),
            "imputed": _flags(table, "imputed", source=source),
            "holiday": _flags(table, "holiday", source=source),
        }
    )
    return {
        str(name): _read_series(str(name), rows.sort_values("time"), source=source)
        for name, rows in columns.groupby("series_id", sort=False)
    }


def epoch_seconds(column: pd.Series, *, source: str) -> pd.Series:
    """Parse a column of times to epoch seconds; raises HistoryError with the first that is none."""
    times = pd.to_datetime(column, errors="coerce", utc=True, format="mixed")
    wrong = times.isna()
    if wrong.any():
        row = int(np.argmax(wrong.to_numpy()))
        raise HistoryError(
            f"{source}: {column.name} is {column.iloc[row]!r} in row {row + 2}, "
            "must be a time such as 2026-03-01 09:15:00"
        )
    return times.dt.tz_localize(None).astype("datetime64[s]").astype(np.int64)


def _names(table: pd.DataFrame) -> pd.Series:
    if "series_id" in table.columns:
        return table["series_id"].astype(str)
    return pd.Series(ONLY_SERIES, index=table.index)


def _numbers(column: pd.Series, *, source: str) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce")
    wrong = numbers.isna() & column.notna()
    if wrong.any():
        row = int(np.argmax(wrong.to_numpy()))
        raise HistoryError(
            f"{source}: {column.name} is {column.iloc[row]!r} in row {row + 2}, must be a number"
        )
    return numbers.astype(np.float64)


def _flags(table: pd.DataFrame, name: str, *, source: str) -> pd.Series:
    if name not in table.columns:
        return pd.Series(False, index=table.index)
    return _numbers(table[name], source=source).fillna(0.0) != 0.0


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
    states = np.where(np.isnan(values), PointState.MISSING, PointState.OBSERVED).astype(np.uint8)
    days = np.unique(times[rows["holiday"].to_numpy()] // DAY)
    holidays = frozenset(date(1970, 1, 1) + pd.Timedelta(days=int(day)) for day in days)
    return PanelSeries(
        history=History(
            series_ids=(name,),
            start=int(times[0]),
            step_seconds=step,
            values=values[None],
            states=states[None],
        ),
        scored=scored,
        calendar=Calendar(default=Place(holidays=holidays)),
    )
