"""The demand that a forecast begins with: from a file, or from Prometheus."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from autoscaler.cli.progress import shown
from autoscaler.cli.tables import read_table
from autoscaler.cli.values import iso
from autoscaler.errors import SpecError
from autoscaler.prometheus.bins import BIN_SECONDS
from autoscaler.prometheus.catch_up import LAST_MINUTE
from autoscaler.prometheus.client import PrometheusClient
from autoscaler.prometheus.download import download
from autoscaler.prometheus.promql import peak_of
from forecast.arrays import FloatArray, IntArray
from forecast.calendar import Calendar, Place
from forecast.columns import epoch_seconds, flags, series_names
from forecast.history import History, Samples
from forecast.samples_table import read_samples

REQUEST_SECONDS = 60.0
HISTORY_BINS = 35 * 96
"""What a forecast looks at, and a week in hand: its plot shows some of it."""


def from_file(path: Path) -> Mapping[str, tuple[History, Calendar]]:
    """Read each series of a file as the peaks of quarter-hours, or of its own longer steps.

    A column `holiday`, where there is one, marks days.
    """
    table = read_table(path)
    histories = read_samples(table, source=str(path))
    days = _marked_days(table, source=str(path))
    return {
        name: (history, Calendar(default=Place(holidays=days.get(name, frozenset()))))
        for name, history in histories.items()
    }


def _marked_days(table: pd.DataFrame, *, source: str) -> dict[str, frozenset[date]]:
    marked = table[flags(table, "holiday", source=source)]
    days = pd.to_datetime(epoch_seconds(marked["timestamp"], source=source), unit="s").dt.date
    return {str(name): frozenset(each) for name, each in days.groupby(series_names(marked))}


def from_prometheus(url: str, query: str, *, at: int) -> Mapping[str, tuple[History, Calendar]]:
    """Ask for the peaks of quarter-hours in the five weeks before `at`. Raises PrometheusError."""
    client = PrometheusClient(url, instant_seconds=REQUEST_SECONDS, range_seconds=REQUEST_SECONDS)
    end = at // BIN_SECONDS * BIN_SECONDS
    start = end - HISTORY_BINS * BIN_SECONDS
    first, last = start + LAST_MINUTE, end - BIN_SECONDS + LAST_MINUTE
    chunks = download(
        client, peak_of(f"{query}\n"), start=first, end=last, step_seconds=BIN_SECONDS
    )
    told: dict[str, list[tuple[IntArray, FloatArray]]] = {}
    for chunk in shown(chunks, "reading history", start=first, end=last):
        for name, part in chunk.series.items():
            told.setdefault(name, []).append(part)
    if not any(times.size for parts in told.values() for times, _ in parts):
        raise SpecError(f"the query gives no data from {iso(start)} to {iso(end)}")
    series = {}
    for name, parts in told.items():
        times, values = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        history = History.from_samples(
            {name: Samples(times, values)}, start=start, end=end, step_seconds=BIN_SECONDS
        )
        series[name] = (history, Calendar())
    return series


def until(history: History, at: int) -> History:
    """Return what is known before `at`, on the same grid, up to the last whole interval by then.

    Raises SpecError when nothing is.
    """
    end = history.start + (at - history.start) // history.step_seconds * history.step_seconds
    if end <= history.start:
        raise SpecError(
            f"--at is {iso(at)}, series {history.series_ids[0]!r} begins at {iso(history.start)}"
        )
    return history.spanning(history.start, end)
