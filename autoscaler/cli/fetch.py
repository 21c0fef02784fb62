"""`meetscale fetch`: the past of a query from Prometheus into a file."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from autoscaler.cli.growing_table import GrowingTable
from autoscaler.cli.progress import shown
from autoscaler.cli.tables import check_place
from autoscaler.cli.values import duration, iso, moment
from autoscaler.errors import SpecError
from autoscaler.prometheus.client import PrometheusClient
from autoscaler.prometheus.download import Chunk, download

REQUEST_SECONDS = 60.0
_DAY = 86_400


def fetch(
    prometheus: Annotated[
        str, typer.Option(metavar="URL", help="Where Prometheus answers.", show_default=False)
    ],
    query: Annotated[
        str, typer.Option(metavar="PROMQL", help="What to fetch, such as sum by (pool) (...).")
    ],
    out: Annotated[
        Path,
        typer.Option(
            metavar="FILE.csv|.parquet",
            help="Where to: columns series_id, timestamp, value. A file that is there goes on.",
        ),
    ],
    begin: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="The first time, ISO 8601.")
    ] = None,
    to: Annotated[
        str | None, typer.Option(metavar="TIME", help="The last time. Default: now.")
    ] = None,
    days: Annotated[
        int, typer.Option(min=1, max=3650, help="Without --from: how many days before --to.")
    ] = 28,
    step: Annotated[str, typer.Option(metavar="DURATION", help="From one point to the next.")] = (
        "1m"
    ),
) -> None:
    """Fetch a query's past from Prometheus into a file, or go on where that ended.

    An interrupted run leaves a whole file with what came until then.
    """
    check_place(out, option="--out")
    seconds = duration(step, option="--step")
    end = int(time.time()) if to is None else moment(to, option="--to")
    start = end - days * _DAY if begin is None else moment(begin, option="--from")
    if start >= end:
        raise SpecError(f"--from is {iso(start)}, must be before {iso(end)}")
    start, end = -(-start // seconds) * seconds, end // seconds * seconds
    table = GrowingTable(out)
    client = PrometheusClient(
        prometheus, instant_seconds=REQUEST_SECONDS, range_seconds=REQUEST_SECONDS
    )

    def past(first: int, last: int) -> Iterator[Chunk]:
        chunks = download(client, query, start=first, end=last, step_seconds=seconds)
        return shown(chunks, "fetching", start=first, end=last)

    there = table.reopen(step_seconds=seconds)
    try:
        if there is not None:
            # What is older goes in at once or not at all: a hole would be seen by nobody.
            for chunk in list(past(start, there[0] - seconds)):
                table.add(chunk)
            start = there[1]
        for chunk in past(start, end):
            table.add(chunk)
    finally:
        table.write()
    if not table.rows:
        raise SpecError(f"the query gives no data from {iso(start)} to {iso(end)}")
    typer.echo(f"{out}: {table.rows} rows of {table.series} series, up to {iso(end)}", err=True)
