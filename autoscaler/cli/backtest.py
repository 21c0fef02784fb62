"""`meetscale backtest`: how good forecasts would have been, from many past moments."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.table import Table

from autoscaler.cli.shares import Work, issue_with
from autoscaler.cli.surroundings import (
    EventFile,
    EventTexts,
    Holidays,
    Zone,
    events_of,
    placed,
)
from autoscaler.cli.tables import read_table
from autoscaler.cli.values import duration
from forecast.backtest.contestants import BASELINE, MODELS, OURS, find_model
from forecast.backtest.rolling import Issued, forecast_table, read_origins, spread_origins
from forecast.backtest.scores import QUARTER_HOUR, ModelScore, score
from forecast.panel import read_panel


def backtest(
    panel: Annotated[
        Path,
        typer.Argument(
            metavar="PANEL.csv|.parquet",
            help="Columns timestamp, value; optionally series_id, imputed, holiday.",
        ),
    ],
    origins: Annotated[
        Path | None,
        typer.Option(
            metavar="ORIGINS.csv",
            help="From where to forecast: columns series_id, origin, window_points, season_points, "
            "horizon_points. Default: 22 moments per series, four weeks of history, one day ahead, "
            "in quarter-hours or longer steps.",
        ),
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(help=f"Compare this model (repeatable): {', '.join(MODELS)}."),
    ] = None,
    forecasts: Annotated[
        Path | None,
        typer.Option(metavar="OUT.csv", help="Write every forecast, to be scored by others too."),
    ] = None,
    event: EventTexts = None,
    events: EventFile = None,
    announced: Annotated[
        str, typer.Option(metavar="DURATION", help="How long before it starts an event is known.")
    ] = "2d",
    zone: Zone = None,
    holidays: Holidays = None,
    jobs: Annotated[int, typer.Option(min=1, max=256, help="In so many processes.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE.png|.html", help="Draw losses and coverage.")
    ] = None,
) -> None:
    """Forecast from many past moments and score what would have come out.

    Losses are relative to weekly seasonal-naive, which always runs.
    """
    chosen = list(dict.fromkeys(model or [OURS]))
    models = list(dict.fromkeys([*chosen, BASELINE]))
    for name in models:
        find_model(name)  # an unknown one is told before the work, not after
    ahead = duration(announced, option="--announced")
    if plot is not None:
        from autoscaler.cli.drawing import check_plot

        check_plot(plot, option="--plot")
    told = read_panel(read_table(panel), source=str(panel))
    if origins is None:  # which would count in points of the file
        told = {name: each.peaks(QUARTER_HOUR) for name, each in told.items()}
    series = {
        name: replace(
            each,
            calendar=placed(
                each.calendar, zone, holidays, start=each.history.start, end=each.history.end
            ),
        )
        for name, each in told.items()
    }
    begin = min(each.history.start for each in series.values())
    dated = events_of(event or (), events, now=begin, series_ids=series)
    if origins is None:
        moments = spread_origins(series)
    else:
        moments = read_origins(read_table(origins), series, source=str(origins))
    if forecasts is not None:
        forecasts.touch()  # a path that cannot be written is told before the work, not after
    work = Work(panel=series, origins=moments, models=models, events=dated, announced_seconds=ahead)
    issued = list(_shown(issue_with(work, jobs=jobs), len(moments) * len(models)))
    if forecasts is not None:
        table = forecast_table([each for each in issued if each.model in chosen], series)
        if len(chosen) == 1:
            table = table.drop(columns="model")
        table.to_csv(forecasts, index=False)
    scores = score(issued, series, baseline=BASELINE)
    if as_json:
        typer.echo(json.dumps({"models": scores}, allow_nan=False))
    else:
        Console().print(_table(scores), highlight=False)
    if plot is not None:
        from autoscaler.cli.backtest_plot import plot_backtest

        plot_backtest(scores, issued, series, events=dated, path=plot)


def _shown(issued: Iterator[Issued], total: int) -> Iterator[Issued]:
    """Draw a bar on standard error while forecasts come, gone when all have."""
    console = Console(stderr=True)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bars:
        task = bars.add_task("forecasts", total=total)
        for each in issued:
            bars.update(task, description=f"{each.origin.series_id}, {each.model}", advance=1)
            yield each


def _table(scores: dict[str, ModelScore]) -> Table:
    """One row per model and lead."""
    table = Table(box=None, pad_edge=False, collapse_padding=True)
    for head in ("Model", "Lead"):
        table.add_column(head, no_wrap=True)
    for head in ("Loss, relative", "MASE", "P95 covers", "Worst", "P99 covers", "s/fit"):
        table.add_column(head, justify="right")
    for name, result in scores.items():
        for lead, each in result["leads"].items():
            table.add_row(
                name,
                lead,
                _number(each["rel_wql"]),
                _number(each["mase"]),
                f"{each['cov95']:.1%}",
                f"{each['worst_cov95']:.1%}",
                f"{each['cov99']:.1%}",
                f"{result['seconds_per_fit']:.3f}",
            )
    return table


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
