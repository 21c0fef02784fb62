"""The chart of `meetscale forecast`: a panel for every series."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from autoscaler.cli.bands import draw_bands, tail
from autoscaler.cli.drawing import save, styled, time_axis
from autoscaler.cli.forecast_output import Answer
from forecast.calendar import DAY, Event

_LEAST_PAST = 7 * DAY
_MOST_PANELS = 24


def plot_forecasts(answers: Sequence[Answer], events: Sequence[Event], path: Path) -> None:
    """Draw the last week, or as much as is forecast, and the bands ahead; 24 series at most."""
    drawn = answers[:_MOST_PANELS]
    with styled():
        figure = Figure(figsize=(11.0, 0.6 + 3.4 * len(drawn)), layout="constrained")
        for axes, answer in zip(
            figure.subplots(len(drawn), squeeze=False)[:, 0], drawn, strict=True
        ):
            ahead = answer.forecast
            past = tail(answer.history, max(_LEAST_PAST, ahead.end - ahead.start))
            draw_bands(
                axes, past, ahead, events=[e for e in events if e.concerns(answer.series_id)]
            )
            axes.set_title(f"{answer.series_id}: {ahead.modes[0].value}, by {ahead.models[0]}")
            time_axis(axes)
        figure.axes[0].legend(loc="upper left", ncols=5, fontsize="small")
        save(figure, path, title="Forecast", lines=_lines(answers))


def _lines(answers: Sequence[Answer]) -> list[str]:
    lines = [
        f"{each.series_id}: {reason}" for each in answers for reason in each.forecast.reasons[0]
    ]
    if len(answers) > _MOST_PANELS:
        lines.append(f"{_MOST_PANELS} of {len(answers)} series are drawn.")
    return [*lines, "Each band promises that demand stays below it: P95 nineteen times of twenty."]
