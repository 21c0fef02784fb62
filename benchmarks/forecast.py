"""`make bench-forecast`: accuracy and speed of the forecaster beside others', on one machine."""

import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

from benchmarks.accuracy import measure_accuracy
from benchmarks.accuracy_tables import accuracy_tables
from benchmarks.machine import describe_machine
from benchmarks.peers import CONTESTANTS, load_models
from benchmarks.report import Table, replace_generated, to_markdown, to_rich
from benchmarks.speed import POOLS, measure, speed_table
from benchmarks.surge_table import surge_table
from forecast.backtest.rolling import Origin, read_origins
from forecast.backtest.scores import ModelScore
from forecast.errors import HistoryError, MeetscaleError
from forecast.panel import PanelSeries, read_panel

DATA = "MEETSCALE_BENCH_DATA"
PAGE = Path("docs/benchmarks/forecast.md")
_QUICK_EVERY = 8
_QUICK_POOLS = 8


def main(
    quick: Annotated[
        bool, typer.Option(help="Every eighth origin and few pools only, and no page: does it run?")
    ] = False,
    page: Annotated[Path, typer.Option(help="Whose generated part is written.")] = PAGE,
) -> None:
    """Measure, print the tables and write them into the page."""
    console = Console()
    try:
        models = load_models()
        panel, origins = read_data(os.environ.get(DATA))
        chosen = origins[::_QUICK_EVERY] if quick else origins
        with Progress(
            *Progress.get_default_columns()[:2],
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        ) as progress:
            task = progress.add_task("Accuracy", total=len(chosen) * len(models))
            scores = measure_accuracy(
                panel,
                chosen,
                models,
                clock=time.perf_counter,
                advance=lambda: progress.advance(task),
            )
            progress.add_task("First surge", total=None)
            surge = surge_table(panel)
            progress.add_task("Speed", total=None)
            speed = speed_table(measure(pools=_QUICK_POOLS if quick else POOLS))
    except MeetscaleError as error:
        Console(stderr=True).print(str(error))
        raise typer.Exit(2) from error
    tables = [*accuracy_tables(scores, CONTESTANTS), surge, speed]
    for table in tables:
        console.print(to_rich(table))
    if not quick:
        write_page(page, tables, origins=len(chosen), scores=scores)


def read_data(folder: str | None) -> tuple[Mapping[str, PanelSeries], list[Origin]]:
    """Read panel and origins; raises HistoryError where the folder is not named or not there."""
    if folder is None:
        raise HistoryError(
            f"{DATA} is not set, must name the folder that holds forecast/panel.csv and "
            "forecast/origins.csv"
        )
    tables = {}
    for name in ("panel", "origins"):
        path = Path(folder) / "forecast" / f"{name}.csv"
        if not path.is_file():
            raise HistoryError(f"{DATA}: {path} does not exist")
        tables[name] = pd.read_csv(path)
    panel = read_panel(tables["panel"], source="panel.csv")
    return panel, read_origins(tables["origins"], panel, source="origins.csv")


def write_page(
    page: Path, tables: list[Table], *, origins: int, scores: Mapping[str, ModelScore]
) -> None:
    """Put the tables, the machine and the date into the generated part of the page."""
    series = len(next(iter(scores.values()))["leads"]["24h"]["series"])
    when = datetime.now(UTC).date().isoformat()
    generated = [
        f"Measured on {when}: {series} series, {origins} forecasts by each model. "
        f"{describe_machine()}.",
        *map(to_markdown, tables),
    ]
    before = page.read_text(encoding="utf-8") if page.is_file() else "# Forecast benchmark\n"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(replace_generated(before, "\n\n".join(generated)), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
