"""`meetscale plan`: what would be ordered when, what blocks it, and what it costs."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autoscaler.cli.plan_document import as_document
from autoscaler.cli.plan_history import (
    history_from_file,
    history_from_prometheus,
    whole_quarter,
)
from autoscaler.cli.plan_table import print_plan
from autoscaler.cli.values import moment
from autoscaler.errors import SpecError
from autoscaler.whatif.changes import parse_changes
from autoscaler.whatif.decide import answer
from autoscaler.whatif.world import World, read_world
from forecast.history import History


def plan(
    resources: Annotated[
        Path,
        typer.Argument(
            metavar="POOL.yaml", help="SFUPools, with the EgressLinks and DemandEvents around them."
        ),
    ],
    history: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="CSV or Parquet: timestamp, value, and series_id by pool name."
        ),
    ] = None,
    prometheus: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Read four weeks as the pools' spec.demand says."),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="As of then. Default: the end of the history."),
    ] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TEXT",
            help="An event such as 10x@20:00+8h, or loss:zone=b (repeatable).",
        ),
    ] = None,
    assignments: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="PATH=VALUE",
            help="Change a field: pools.NAME.spec.maxReplicas=900, pools.NAME.inventory.ready=700.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Plan nodes and bandwidth ahead: what to order when, what blocks it, and its cost."""
    as_of = None if at is None else moment(at, option="--at")
    world = _world(resources, assignments or [])
    world, past = _past(world, history, prometheus, as_of)
    now = past.end if as_of is None else as_of
    changes = parse_changes(what_if or (), pools=world.pools, now=now)
    found = answer(world, past, changes, now=now)
    if as_json:
        typer.echo(json.dumps(as_document(found), allow_nan=False))
    else:
        print_plan(found, Console())


def _world(path: Path, assignments: list[str]) -> World:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SpecError(f"{path}: is not a text file") from error
    return read_world(text, source=str(path), assignments=assignments)


def _past(
    world: World, file: Path | None, url: str | None, at: int | None
) -> tuple[World, History]:
    if file is not None and url is None:
        return world, history_from_file(file, world.pools, at=at)
    if url is None or file is not None:
        raise SpecError("plan needs --history FILE or --prometheus URL, and not both")
    now = whole_quarter(int(time.time())) if at is None else at
    past, pools = history_from_prometheus(url, world.pools, now=now, live=at is None)
    return replace(world, pools=pools), past
