"""`meetscale forecast`: what demand will be, as seen from the end of the data or from before."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autoscaler.cli.demand import from_file, from_prometheus, until
from autoscaler.cli.forecast_output import Answer, as_document, print_forecast
from autoscaler.cli.surroundings import (
    BookedAhead,
    BookingFile,
    EventFile,
    EventTexts,
    Holidays,
    Zone,
    bookings_of,
    events_of,
    placed,
)
from autoscaler.cli.values import duration, moment
from autoscaler.errors import SpecError
from forecast.backtest.contestants import MODELS, OURS
from forecast.backtest.rolling import QUANTILES
from forecast.calendar import Calendar
from forecast.history import History
from forecast.models.task import Task
from forecast.named import forecast_by


def forecast(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="CSV or Parquet with columns timestamp and value, for several series series_id."
        ),
    ] = None,
    horizon: Annotated[
        str, typer.Option(metavar="DURATION", help="How far ahead, such as 90m, 24h or 2d.")
    ] = "24h",
    prometheus: Annotated[
        str | None, typer.Option(metavar="URL", help="Read from this Prometheus, not a file.")
    ] = None,
    query: Annotated[
        str | None, typer.Option(metavar="PROMQL", help="What to read from Prometheus.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="As of then, what came later unseen. Default: the end."),
    ] = None,
    event: EventTexts = None,
    events: EventFile = None,
    bookings: BookingFile = None,
    booked_ahead: BookedAhead = None,
    zone: Zone = None,
    holidays: Holidays = None,
    model: Annotated[str, typer.Option(help=f"One of {', '.join(MODELS)}.")] = OURS,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE.png|.html", help="Draw past and forecast.")
    ] = None,
) -> None:
    """Forecast demand, with the quantiles that capacity is planned on."""
    seconds = duration(horizon, option="--horizon")
    as_of = None if at is None else moment(at, option="--at")
    if plot is not None:
        from autoscaler.cli.drawing import check_plot

        check_plot(plot, option="--plot")
    known = _read(file, prometheus, query, as_of)
    now = max(each.end for each, _ in known.values()) if as_of is None else as_of
    announced = events_of(event or (), events, now=now, series_ids=known)
    if bookings is not None and model != OURS:
        raise SpecError(f"--model is {model!r}, which knows no --bookings: only {OURS} does")
    past = {
        name: whole if as_of is None else until(whole, as_of) for name, (whole, _) in known.items()
    }
    booked = bookings_of(bookings, booked_ahead, past, horizon=seconds)
    answers = []
    for name, (_, calendar) in known.items():
        history = past[name]
        around = placed(calendar, zone, holidays, start=history.start, end=history.end + seconds)
        steps = -(-seconds // history.step_seconds)
        own = tuple(each for each in announced if each.concerns(name))
        task = Task(history, steps, QUANTILES, around, own, booked.get(name))
        answers.append(Answer(history, forecast_by(model, task)))
    if as_json:
        typer.echo(json.dumps(as_document(answers), allow_nan=False))
    else:
        console = Console()
        for answer in answers:
            print_forecast(answer, console)
    if plot is not None:
        from autoscaler.cli.forecast_plot import plot_forecasts

        plot_forecasts(answers, announced, plot)


def _read(
    file: Path | None, prometheus: str | None, query: str | None, at: int | None
) -> Mapping[str, tuple[History, Calendar]]:
    if (file is None) == (prometheus is None):
        raise SpecError("forecast needs a FILE or --prometheus, and not both")
    if file is not None:
        return from_file(file)
    if prometheus is None or query is None:
        raise SpecError("--prometheus needs a --query, such as 'sum by (pool) (...)'")
    return from_prometheus(prometheus, query, at=int(time.time()) if at is None else at)
