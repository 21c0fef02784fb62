"""The charts of `meetscale backtest`: losses, coverage, and one forecast as it was issued."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from autoscaler.cli.bands import draw_bands, draw_outcome
from autoscaler.cli.drawing import BLACK, COLOURS, MARKERS, save, styled, time_axis
from forecast.backtest.rolling import QUANTILES, Issued
from forecast.backtest.scores import ModelScore
from forecast.calendar import DAY, Event
from forecast.panel import PanelSeries
from forecast.result import Forecast, ForecastMode
from forecast.scoring import coverage

_PAST = 4 * DAY


def plot_backtest(
    scores: Mapping[str, ModelScore],
    issued: Sequence[Issued],
    panel: Mapping[str, PanelSeries],
    *,
    events: Sequence[Event],
    path: Path,
) -> None:
    """Draw all models' losses and coverage, and the first one's last forecast of a series."""
    with styled():
        figure = Figure(figsize=(11.0, 8.5), layout="constrained")
        places = figure.subplot_mosaic([["losses", "coverage"], ["example", "example"]])
        _draw_losses(places["losses"], scores)
        _draw_coverage(places["coverage"], _coverages(issued, panel))
        _draw_example(places["example"], issued, panel, events)
        origins = len({(each.origin.series_id, each.origin.index) for each in issued})
        lines = [f"{len(scores)} models, {len(panel)} series, {origins} forecasts each."]
        save(figure, path, title="Backtest", lines=lines)


def _draw_losses(axes: Axes, scores: Mapping[str, ModelScore]) -> None:
    leads = list(dict.fromkeys(lead for each in scores.values() for lead in each["leads"]))
    for index, lead in enumerate(leads):
        ratios = [
            each["leads"][lead]["rel_wql"] if lead in each["leads"] else None
            for each in scores.values()
        ]
        places = np.arange(len(scores)) + 0.16 * (index - (len(leads) - 1) / 2.0)
        axes.plot(
            [np.nan if ratio is None else ratio for ratio in ratios],
            places,
            color=COLOURS[index],
            marker=MARKERS[index],
            linestyle="none",
            label=f"lead {lead}",
        )
    axes.set_yticks(range(len(scores)), list(scores))
    axes.invert_yaxis()
    axes.axvline(1.0, color=BLACK, linewidth=1.0, linestyle="--")
    axes.set_xlim(left=0.0)
    axes.set_xlabel("quantile loss against last week's values: less is better")
    axes.set_title("Loss")
    axes.legend(fontsize="small")


def _coverages(
    issued: Sequence[Issued], panel: Mapping[str, PanelSeries]
) -> dict[str, list[float]]:
    """Return for each model which share of what was scored each quantile covered."""
    result: dict[str, list[float]] = {}
    for name in dict.fromkeys(each.model for each in issued):
        actual, predicted = [], []
        for each in issued:
            if each.model == name:
                series, origin = panel[each.origin.series_id], each.origin
                ahead = slice(origin.index, origin.index + origin.horizon_points)
                scored = series.scored[ahead]
                actual.append(series.values[ahead][scored])
                predicted.append(each.quantiles[scored])
        if sum(each.size for each in actual):
            shares = coverage(np.concatenate(actual), np.concatenate(predicted))
            result[name] = shares.tolist()
    return result


def _draw_coverage(axes: Axes, coverages: Mapping[str, Sequence[float]]) -> None:
    """Draw how far each quantile is off what it promises."""
    promised = np.array(QUANTILES)
    for index, (name, shares) in enumerate(coverages.items()):
        axes.plot(
            range(len(QUANTILES)),
            100.0 * (np.array(shares) - promised),
            color=COLOURS[index % len(COLOURS)],
            marker=MARKERS[index % len(MARKERS)],
            linewidth=1.0,
            linestyle="--" if index else "-",
            label=name,
        )
    axes.axhline(0.0, color=BLACK, linewidth=1.0)
    axes.set_xticks(range(len(QUANTILES)), [f"P{100 * level:g}" for level in QUANTILES])
    axes.set_ylabel("covered minus promised, in points")
    axes.set_xlabel("all leads; zero keeps the promise, below it too little is covered")
    axes.set_title("Coverage")
    axes.legend(fontsize="small")


def _draw_example(
    axes: Axes, issued: Sequence[Issued], panel: Mapping[str, PanelSeries], events: Sequence[Event]
) -> None:
    first = issued[0]
    each = [
        one
        for one in issued
        if one.model == first.model and one.origin.series_id == first.origin.series_id
    ][-1]
    name, history = each.origin.series_id, panel[each.origin.series_id].history
    step = history.step_seconds
    begin = history.start + each.origin.index * step
    forecast = Forecast(
        series_ids=(name,),
        issued_at=begin,
        start=begin,
        step_seconds=step,
        quantiles=QUANTILES,
        values=each.quantiles[None],
        modes=(ForecastMode.NORMAL,),
        models=(each.model,),
        reasons=((),),
    )
    shown = [event for event in events if event.concerns(name)]
    draw_bands(axes, history.window(begin - _PAST, begin), forecast, events=shown)
    draw_outcome(axes, history.window(begin, forecast.end))
    axes.set_title(f"{name}: one forecast by {each.model}, and what came out")
    axes.legend(loc="upper left", ncols=6, fontsize="small")
    time_axis(axes)
