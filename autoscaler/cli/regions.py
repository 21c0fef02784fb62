"""`meetscale regions`: which servers and links several regions need together."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autoscaler.cli.regions_answer import answer_of
from autoscaler.cli.regions_demand import measured, office_days
from autoscaler.cli.regions_file import read_regions
from autoscaler.cli.regions_table import print_regions


def regions(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="REGIONS.yaml", help="Regions, what they pay, and how far apart they are."
        ),
    ],
    demand: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="CSV or Parquet: timestamp, value (participants by the risk quantile), and "
            "series_id by region. Default: office days by peakParticipants.",
        ),
    ] = None,
    latency_ms: Annotated[
        float | None,
        typer.Option(min=0.0, help="People may be served so far away. Default: maxLatencyMs."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Plan servers and links of regions together, with any one region lost."""
    told = read_regions(file)
    paths = office_days(told) if demand is None else measured(demand, told)
    found = answer_of(told, told.demands(paths, bound_ms=latency_ms))
    if as_json:
        typer.echo(json.dumps(found.document(), allow_nan=False))
    else:
        print_regions(found, Console())
