"""A table of samples as they come (CSV, Parquet): any order, any spacing, put on a grid."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from forecast.arrays import UInt8Array
from forecast.calendar import DAY
from forecast.columns import check_columns, epoch_seconds, numbers, series_names
from forecast.errors import HistoryError
from forecast.history import History, PointState, Samples

LEAST_STEP = 60
QUARTER_HOUR = 900
_STEPS = tuple(step for step in range(QUARTER_HOUR, DAY + 1, QUARTER_HOUR) if DAY % step == 0)
"""The grids to choose from."""
_JITTER = 0.95
"""Samples that come by this much too early still come once per step."""
_MOST_POINTS = 4_000_000
"""A century of quarter-hours: one wrong year must not cost all memory."""


def read_samples(
    table: pd.DataFrame, *, source: str, step_seconds: int | None = None
) -> Mapping[str, History]:
    """Read columns timestamp and value, optionally series_id and state; a history per series.

    Rows may be in any order, twice or irregular; times may have any zones, UTC where they have
    none. A point is the largest value of its interval, MISSING where there is none, never zero.
    `step_seconds` is the grid of all series; None: quarter-hours, or what a series' median spacing
    is where that is longer. `state` names a PointState (default: observed). An interval that the
    newest sample leaves unfinished is CENSORED. Raises HistoryError with `source`, the row and the
    value that is wrong.
    """
    check_columns(table, source=source)
    if step_seconds is not None and (step_seconds < LEAST_STEP or DAY % step_seconds):
        raise HistoryError(
            f"{source}: step is {step_seconds} s, must divide a day and be at least {LEAST_STEP}"
        )
    columns = pd.DataFrame(
        {
            "series_id": series_names(table),
            "time": epoch_seconds(table["timestamp"], source=source),
            "value": numbers(table["value"], source=source),
            "state": _states(table, source=source),
        }
    )
    histories = {}
    for name, rows in columns.groupby("series_id", sort=False):
        samples = Samples(
            rows["time"].to_numpy(), rows["value"].to_numpy(), rows["state"].to_numpy()
        )
        where = f"{source}: series {name!r}"
        histories[str(name)] = _on_grid(str(name), samples, step_seconds, where=where)
    return histories


def _on_grid(name: str, samples: Samples, step: int | None, *, where: str) -> History:
    told = samples.times[np.isfinite(samples.values)]
    if np.unique(told).size < 2:
        raise HistoryError(f"{where} has {told.size} values, needs at least two at different times")
    spacing = float(np.median(np.diff(np.unique(samples.times))))
    if step is None:
        step = next((each for each in _STEPS if each >= _JITTER * spacing), DAY)
    newest = int(told.max())
    start, end = int(told.min()) // step * step, (newest // step + 1) * step
    if (end - start) // step > _MOST_POINTS:
        raise HistoryError(
            f"{where} goes from {_when(start)} to {_when(newest)}, must be at most "
            f"{_MOST_POINTS} intervals of {step} s: is one of its times wrong?"
        )
    history = History.from_samples({name: samples}, start=start, end=end, step_seconds=step)
    # Samples that come once per interval stand for the whole of it, wherever in it they are.
    unfinished = spacing < _JITTER * step and newest + spacing < end
    if unfinished and history.states[0, -1] == PointState.OBSERVED:
        history.states[0, -1] = PointState.CENSORED
    return history


def _states(table: pd.DataFrame, *, source: str) -> UInt8Array:
    if "state" not in table.columns:
        return np.full(len(table), PointState.OBSERVED, dtype=np.uint8)
    names = table["state"].fillna(PointState.OBSERVED.name).astype(str).str.strip().str.upper()
    codes = names.map({state.name: int(state) for state in PointState})
    wrong = codes.isna().to_numpy()
    if wrong.any():
        row = int(np.argmax(wrong))
        raise HistoryError(
            f"{source}: state is {table['state'].iloc[row]!r} in row {row + 2}, must be one of "
            + ", ".join(state.name.lower() for state in PointState)
        )
    return codes.to_numpy().astype(np.uint8)


def _when(time: int) -> str:
    return f"{pd.Timestamp(time, unit='s'):%Y-%m-%d %H:%M}"
