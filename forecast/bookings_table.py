"""A table of bookings (CSV, Parquet): past and future, put on the grids of demand."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from forecast.arrays import FloatArray, IntArray
from forecast.bookings import Bookings
from forecast.columns import ONLY_SERIES, check_columns, epoch_seconds, numbers, series_names
from forecast.errors import HistoryError
from forecast.history import History, Samples


def read_bookings(
    table: pd.DataFrame,
    histories: Mapping[str, History],
    *,
    source: str,
    known_ahead_seconds: int,
    horizon_seconds: int,
) -> Mapping[str, Bookings]:
    """Read columns timestamp and value, and for several series series_id; bookings per series.

    A value holds from its time for as long as rows are apart; of finer rows the largest counts.
    Rows may reach `horizon_seconds` past the end of a history. Raises HistoryError with `source`
    and what is wrong.
    """
    check_columns(table, source=source)
    columns = pd.DataFrame(
        {
            "series_id": series_names(table),
            "time": epoch_seconds(table["timestamp"], source=source),
            "value": numbers(table["value"], source=source),
        }
    )
    negative = np.flatnonzero(columns["value"].to_numpy() < 0.0)
    if negative.size:
        row = int(negative[0])
        raise HistoryError(
            f"{source}: value is {columns['value'].iloc[row]:g} in row {row + 2}, "
            "must be participants booked, 0 or more"
        )
    if "series_id" not in table.columns and len(histories) == 1:
        columns["series_id"] = next(iter(histories))
    booked = {}
    for name, rows in columns.groupby("series_id", sort=False):
        history = histories.get(str(name))
        if history is None:
            raise HistoryError(_unknown(str(name), histories, source=source))
        times, values = rows["time"].to_numpy(), rows["value"].to_numpy()
        on_grid = History.from_samples(
            {str(name): _held(times, values, step_seconds=history.step_seconds)},
            start=history.start,
            end=history.end + horizon_seconds,
            step_seconds=history.step_seconds,
        )
        booked[str(name)] = Bookings(
            series_ids=on_grid.series_ids,
            start=on_grid.start,
            step_seconds=on_grid.step_seconds,
            values=np.asarray(on_grid.values, dtype=np.float64),
            known_ahead_seconds=(known_ahead_seconds,),
        )
    return booked


def _held(times: IntArray, values: FloatArray, *, step_seconds: int) -> Samples:
    """Repeat each value on every step until the next row is due."""
    apart = np.diff(np.unique(times))
    spacing = int(np.median(apart)) if apart.size else step_seconds
    later = np.arange(0, max(spacing, 1), step_seconds)
    return Samples((times[:, None] + later).ravel(), np.repeat(values, later.size))


def _unknown(name: str, known: Mapping[str, History], *, source: str) -> str:
    there = ", ".join(sorted(known))
    if name == ONLY_SERIES:
        return f"{source}: column 'series_id' is missing, demand has the series {there}"
    return f"{source}: series {name!r} has bookings and no demand, there are {there}"
