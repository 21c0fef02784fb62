"""Columns of tables that people keep; what is wrong is named by file, row and value."""

import numpy as np
import pandas as pd

from forecast.errors import HistoryError

_EARLIEST, _LATEST = 10**8, 10**10
"""1973 and 2286: a number beyond them counts no seconds, but perhaps milliseconds."""
ONLY_SERIES = "demand"
"""What the series of a table without a series_id column is called."""


def check_columns(table: pd.DataFrame, *, source: str) -> None:
    """Raise HistoryError unless there are rows with a timestamp and a value."""
    for column in ("timestamp", "value"):
        if column not in table.columns:
            raise HistoryError(
                f"{source}: column {column!r} is missing, "
                f"there are {', '.join(map(str, table.columns))}"
            )
    if table.empty:
        raise HistoryError(f"{source}: has no rows, needs at least two per series")


def epoch_seconds(column: pd.Series, *, source: str) -> pd.Series:
    """Parse a column of times to epoch seconds; raises HistoryError with the first that is none.

    Numbers are epoch seconds already, as Prometheus has them.
    """
    if pd.api.types.is_numeric_dtype(column):
        since = column.where(column.between(_EARLIEST, _LATEST))
        times = pd.to_datetime(since, unit="s", errors="coerce", utc=True)
    else:
        times = pd.to_datetime(column, errors="coerce", utc=True, format="mixed")
    wrong = times.isna()
    if wrong.any():
        row = int(np.argmax(wrong.to_numpy()))
        raise HistoryError(
            f"{source}: {column.name} is {column.iloc[row]!r} in row {row + 2}, "
            "must be a time such as 2026-03-01 09:15:00, or epoch seconds"
        )
    return times.dt.tz_localize(None).astype("datetime64[s]").astype(np.int64)


def series_names(table: pd.DataFrame) -> pd.Series:
    """Return the column series_id, the same name everywhere where there is none."""
    if "series_id" in table.columns:
        return table["series_id"].astype(str)
    return pd.Series(ONLY_SERIES, index=table.index)


def numbers(column: pd.Series, *, source: str) -> pd.Series:
    """Parse numbers, NaN where a row is empty; raises HistoryError with the first that is none."""
    parsed = pd.to_numeric(column, errors="coerce")
    wrong = parsed.isna() & column.notna()
    if wrong.any():
        row = int(np.argmax(wrong.to_numpy()))
        raise HistoryError(
            f"{source}: {column.name} is {column.iloc[row]!r} in row {row + 2}, must be a number"
        )
    return parsed.astype(np.float64)


def flags(table: pd.DataFrame, name: str, *, source: str) -> pd.Series:
    """Return an optional column of yes (not 0) and no."""
    if name not in table.columns:
        return pd.Series(False, index=table.index)
    return numbers(table[name], source=source).fillna(0.0) != 0.0
