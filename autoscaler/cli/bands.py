"""A forecast as people draw it: the past as a line, the future as bands."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from autoscaler.cli.drawing import BLACK, BLUE, DASHES
from forecast.calendar import DAY, Event
from forecast.history import History
from forecast.result import Forecast

_BAND = "#56b4e9"


def draw_bands(
    axes: Axes, history: History, forecast: Forecast, *, row: int = 0, events: Sequence[Event] = ()
) -> None:
    """Draw one series: what was seen, the quantiles ahead, and events behind both."""
    past = _times(history.start, history.step_seconds, history.points)
    ahead = _times(forecast.start, forecast.step_seconds, forecast.steps)
    paths = forecast.values[row]
    _draw_events(axes, events, begin=history.start, end=forecast.end)
    axes.plot(past, history.values[0], color=BLACK, linewidth=1.2, label="seen")
    for index in range(1, paths.shape[1]):
        axes.fill_between(
            ahead,
            paths[:, index - 1],
            paths[:, index],
            color=_BAND,
            alpha=0.45 / index,
            linewidth=0,
        )
    for index, level in enumerate(forecast.quantiles):
        axes.plot(
            ahead,
            paths[:, index],
            color=BLUE,
            linestyle=DASHES[index],
            linewidth=1.6 if index == 0 else 1.0,
            label=f"P{100 * level:g}",
        )
    axes.set_ylabel("participants")


def draw_outcome(axes: Axes, history: History) -> None:
    """Add what came out, as dots."""
    times = _times(history.start, history.step_seconds, history.points)
    axes.plot(
        times,
        history.values[0],
        color=BLACK,
        linestyle="none",
        marker=".",
        markersize=3.0,
        label="came out",
    )


def _draw_events(axes: Axes, events: Sequence[Event], *, begin: int, end: int) -> None:
    for event in events:
        if event.start >= end or event.end <= begin:
            continue
        first, last = (each / DAY for each in (event.start, event.end))  # as matplotlib counts
        axes.axvspan(first, last, facecolor="none", edgecolor="#8a8a8a", hatch="//", linewidth=0.7)
        axes.annotate(
            event.name,
            (first, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(2, -2),
            textcoords="offset points",
            va="top",
            fontsize="small",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        )


def _times(start: int, step_seconds: int, points: int) -> npt.NDArray[np.datetime64]:
    return (start + step_seconds * np.arange(points)).astype("datetime64[s]")


def tail(history: History, seconds: int) -> History:
    """Return the last of a history."""
    return history.window(history.end - seconds, history.end)
