"""Forecasts from many past moments, each made from what was known by then."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.arrays import FloatArray
from forecast.calendar import DAY, Event
from forecast.columns import epoch_seconds
from forecast.errors import HistoryError
from forecast.models.task import Model, Task
from forecast.panel import PanelSeries

QUANTILES = (0.5, 0.9, 0.95, 0.99)
_ORIGINS = 22
_WINDOW_DAYS = 28


@dataclass(frozen=True, slots=True)
class Origin:
    """A moment to forecast from: step 1 is point `index` of the series; lengths in points."""

    series_id: str
    index: int
    window_points: int
    season_points: int
    horizon_points: int


@dataclass(frozen=True, slots=True, eq=False)
class Issued:
    """A forecast as one model issued it: quantiles (steps, quantiles), and how long that took."""

    model: str
    origin: Origin
    quantiles: FloatArray
    seconds: float


def read_origins(
    table: pd.DataFrame, panel: Mapping[str, PanelSeries], *, source: str
) -> list[Origin]:
    """Read a table of series_id, origin, window_points, season_points and horizon_points.

    `origin` is the time of step 1. Raises HistoryError with `source` and the first row that does
    not fit the panel.
    """
    points = ("window_points", "season_points", "horizon_points")
    missing = [name for name in ("series_id", "origin", *points) if name not in table.columns]
    if missing:
        raise HistoryError(f"{source}: column {missing[0]!r} is missing")
    times = epoch_seconds(table["origin"], source=source)
    numbers = table[list(points)].apply(pd.to_numeric, errors="coerce").fillna(0).astype(np.int64)
    origins = []
    for row, (name, time, lengths) in enumerate(
        zip(table["series_id"].astype(str), times, numbers.to_numpy(), strict=True), start=2
    ):
        if name not in panel:
            raise HistoryError(f"{source}: row {row} names series {name!r}, the panel has no such")
        history = panel[name].history
        index, off = divmod(int(time) - history.start, history.step_seconds)
        window, season, horizon = (int(each) for each in lengths)
        if min(window, season, horizon) < 1:
            raise HistoryError(f"{source}: row {row} must have {', '.join(points)} of 1 or more")
        if off or index < window or index + horizon > history.points:
            raise HistoryError(
                f"{source}: row {row} needs {window} points before "
                f"{pd.Timestamp(int(time), unit='s')} and {horizon} from there on, "
                f"series {name!r} does not have them"
            )
        origins.append(Origin(name, index, window, season, horizon))
    return origins


def spread_origins(panel: Mapping[str, PanelSeries]) -> list[Origin]:
    """Choose 22 origins per series, spread evenly over what follows the first window.

    The window is 28 days, or half of a shorter series. Raises HistoryError for a series too short
    to have a window of two days and a day to score.
    """
    origins = []
    for name, series in panel.items():
        day = DAY // series.history.step_seconds
        points = series.history.points
        window = min(_WINDOW_DAYS * day, points // 2)
        last = points - day
        if window < 2 * day or last < window:
            raise HistoryError(
                f"panel: series {name!r} has {points / day:.3g} days, a backtest needs at least 4"
            )
        index = np.unique(np.linspace(window, last, _ORIGINS).astype(np.int64))
        origins += [Origin(name, int(each), window, day, day) for each in index]
    return origins


def issue(
    panel: Mapping[str, PanelSeries],
    origins: Sequence[Origin],
    models: Mapping[str, Model],
    *,
    clock: Callable[[], float],
    events: Sequence[Event] = (),
    announced_seconds: int = 0,
) -> Iterator[Issued]:
    """Forecast from every origin with every model; `clock` gives seconds.

    An event is known from `announced_seconds` before it starts.
    """
    for origin in origins:
        series = panel[origin.series_id]
        history = series.history
        begin = history.start + origin.index * history.step_seconds
        task = Task(
            history=history.window(begin - origin.window_points * history.step_seconds, begin),
            steps=origin.horizon_points,
            quantiles=QUANTILES,
            calendar=series.calendar,
            events=tuple(
                event
                for event in events
                if event.concerns(origin.series_id) and event.start - announced_seconds <= begin
            ),
        )
        for name, model in models.items():
            started = clock()
            quantiles = model(task)
            yield Issued(name, origin, quantiles, clock() - started)


def forecast_table(issued: Sequence[Issued], panel: Mapping[str, PanelSeries]) -> pd.DataFrame:
    """Return every forecast as rows: model, series_id, origin, step (from 1) and the quantiles."""
    parts = []
    for each in issued:
        history = panel[each.origin.series_id].history
        begin = history.start + each.origin.index * history.step_seconds
        part = pd.DataFrame(each.quantiles, columns=[f"q{level:g}" for level in QUANTILES])
        part.insert(0, "step", np.arange(1, len(part) + 1))
        part.insert(0, "origin", pd.Timestamp(begin, unit="s"))
        part.insert(0, "series_id", each.origin.series_id)
        part.insert(0, "model", each.model)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)
