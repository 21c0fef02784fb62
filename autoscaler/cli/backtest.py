"""`meetscale backtest`: how good forecasts would have been, from many past moments."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.table import Table

from autoscaler.cli.tables import read_table
from forecast.backtest.contestants import BASELINE, MODELS, OURS, find_model
from forecast.backtest.rolling import Issued, forecast_table, issue, read_origins, spread_origins
from forecast.backtest.scores import ModelScore, score
from forecast.panel import read_panel


def backtest(
    panel: Annotated[
        Path,
        typer.Argument(
            metavar="PANEL.csv",
            help="Columns timestamp, value; optionally series_id, imputed, holiday.",
        ),
    ],
    origins: Annotated[
        Path | None,
        typer.Option(
            metavar="ORIGINS.csv",
            help="From where to forecast: columns series_id, origin, window_points, season_points, "
            "horizon_points. Default: 22 moments per series, four weeks of history, one day ahead.",
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
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Forecast from many past moments and score what would have come out.

    Losses are relative to weekly seasonal-naive, which always runs.
    """
    chosen = list(dict.fromkeys(model or [OURS]))
    models = {name: find_model(name) for name in dict.fromkeys([*chosen, BASELINE])}
    series = read_panel(read_table(panel), source=str(panel))
    if origins is None:
        moments = spread_origins(series)
    else:
        moments = read_origins(read_table(origins), series, source=str(origins))
    if forecasts is not None:
        forecasts.touch()  # a path that cannot be written is told before the work, not after
    steps = issue(series, moments, models, clock=time.perf_counter)
    issued = list(_shown(steps, len(moments) * len(models)))
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
