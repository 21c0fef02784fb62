"""Forecasts in words: JSON for programs, a few lines per series for people."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autoscaler.cli.values import iso
from forecast.arrays import FloatArray
from forecast.history import History
from forecast.result import Forecast
from simulations.report.axes import duration_text, moment_text

_BLOCKS = " ▁▂▃▄▅▆▇█"
_PAST, _AHEAD = 28, 28
"""Characters of a sparkline."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """One series' history and its forecast, each of a single series."""

    history: History
    forecast: Forecast

    @property
    def series_id(self) -> str:
        """What the series is called."""
        return self.forecast.series_ids[0]


def as_document(answers: Sequence[Answer]) -> dict[str, object]:
    """Return the JSON document of forecasts; a point's time is when its interval begins."""
    return {"series": [_series(each.forecast) for each in answers]}


def _series(forecast: Forecast) -> dict[str, object]:
    times = [iso(forecast.start + step * forecast.step_seconds) for step in range(forecast.steps)]
    names = [f"q{level:g}" for level in forecast.quantiles]
    return {
        "series_id": forecast.series_ids[0],
        "model": forecast.models[0],
        "mode": forecast.modes[0].value,
        "reasons": list(forecast.reasons[0]),
        "points": [
            {"timestamp": time, **dict(zip(names, values, strict=True))}
            for time, values in zip(times, forecast.values[0].tolist(), strict=True)
        ],
    }


def print_forecast(answer: Answer, console: Console) -> None:
    """Print mode, reasons, how it goes on, and the peak of every quantile."""
    forecast = answer.forecast
    lasts = duration_text(forecast.end - forecast.start)
    head = f"[bold]{escape(answer.series_id)}[/]  {forecast.modes[0].value}"
    console.print(
        f"{head}, by {forecast.models[0]}, {lasts} from {moment_text(forecast.start)} UTC",
        highlight=False,
    )
    for reason in forecast.reasons[0]:
        console.print(f"  {escape(reason)}", highlight=False)
    console.print(f"  {sparkline(answer)}", highlight=False)
    table = Table(box=None, pad_edge=False)
    table.add_column("  Quantile")
    table.add_column("Peak", justify="right")
    table.add_column("When (UTC)")
    for column, level in enumerate(forecast.quantiles):
        path = forecast.values[0, :, column]
        peak = int(path.argmax())
        when = moment_text(forecast.start + peak * forecast.step_seconds)
        table.add_row(f"  P{100 * level:g}", f"{path[peak]:,.6g}", when)
    console.print(table, highlight=False)


def sparkline(answer: Answer) -> str:
    """Draw as much past as there is future, then the median, in one line of characters."""
    forecast, history = answer.forecast, answer.history
    span = forecast.end - forecast.start
    past = history.window(history.end - span, history.end).values[0]
    parts = [_buckets(past, _PAST), _buckets(forecast.values[0, :, 0], _AHEAD)]
    top = max((float(np.nanmax(part)) for part in parts if np.isfinite(part).any()), default=0.0)
    drawn = [_blocks(part, top) for part in parts]
    return "│".join(drawn)


def _buckets(values: FloatArray, count: int) -> FloatArray:
    """Return the largest of each of up to `count` stretches, NaN where nothing is known."""
    stretches = np.array_split(values, min(count, values.size) or 1)
    known = [each[np.isfinite(each)] for each in stretches]
    return np.array([each.max() if each.size else np.nan for each in known])


def _blocks(values: FloatArray, top: float) -> str:
    share = np.clip(np.nan_to_num(values) / top if top > 0.0 else values * 0.0, 0.0, 1.0)
    levels = np.where(np.isfinite(values), 1 + np.round(share * (len(_BLOCKS) - 2)), 0)
    return "".join(_BLOCKS[int(level)] for level in np.nan_to_num(levels))
