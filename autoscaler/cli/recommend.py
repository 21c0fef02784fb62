"""`meetscale recommend`: how to set pools up, so that a target is met at least cost."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from autoscaler.cli.executors import Dask, Jobs
from autoscaler.cli.runs import Assignments, Scenarios, rows_of
from autoscaler.errors import SpecError
from simulations.report.columns import percent
from simulations.report.table import OWN
from simulations.scenario.load import load
from simulations.sweep.candidates import Candidate, Verdict, candidates, judge
from simulations.sweep.task import Row, Task, said_as, tasks

NOTHING_MEETS_IT = 1
_QUANTILES = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99)
_BOUNDS = re.compile(r"(\d{1,6})\.\.(\d{1,6})")


def recommend(
    scenario: Scenarios,
    blocked: Annotated[
        float,
        typer.Option(
            metavar="PERCENT", min=0.0, max=100.0, help="No run may block more joins than this."
        ),
    ] = 0.1,
    quantile: Annotated[
        list[float] | None,
        typer.Option(min=0.5, max=0.999, help="Try this risk quantile (repeatable)."),
    ] = None,
    zones_lost: Annotated[
        list[int] | None,
        typer.Option(min=0, max=31, help="Try a reserve for so many zones (repeatable)."),
    ] = None,
    bounds: Annotated[
        list[str] | None,
        typer.Option(metavar="MIN..MAX", help="Try these bounds, in servers (repeatable)."),
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="Runs of each, by seed.")] = 3,
    assignments: Assignments = None,
    jobs: Jobs = None,
    dask: Dask = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Find the risk quantile, reserve and bounds that meet a target at least cost.

    Exits with 1 when none of those tried does.
    """
    tried = candidates(
        quantile or _QUANTILES, zones_lost or (), [_bounds(text) for text in bounds or ()]
    )
    wanted = _tasks(scenario, tried, assignments=assignments or (), seeds=seeds)
    by_task = {task.key: task for each in wanted.values() for task in each}
    done: dict[str, Row] = {}
    for rows in rows_of(list(by_task.values()), jobs=jobs, dask=dask):
        own = next(row for row in rows if row["policy"] == OWN)
        done[str(own["key"])] = own
    verdicts = judge(
        {each: [done[task.key] for task in wanted[each]] for each in tried}, target_pct=blocked
    )
    best = None if verdicts[0].rejected else verdicts[0]
    if as_json:
        document = {
            "target_pct": blocked,
            "seeds": seeds,
            "recommended": None if best is None else asdict(best.candidate),
            "candidates": [asdict(each) for each in verdicts],
        }
        typer.echo(json.dumps(document, indent=1))
    else:
        Console().print(_table(verdicts), highlight=False)
        if best is not None:
            typer.echo(f"\n{best.candidate} meets {percent(blocked)} at least cost.")
    if best is None:
        typer.echo(
            f"meetscale: none of {len(verdicts)} candidates meets {percent(blocked)}", err=True
        )
        raise typer.Exit(NOTHING_MEETS_IT)


def _bounds(text: str) -> tuple[int, int]:
    found = _BOUNDS.fullmatch(text)
    if found is None:
        raise SpecError(f"--bounds is {text!r}, must be MIN..MAX in servers, like 6..600")
    return int(found[1]), int(found[2])


def _tasks(
    scenarios: Sequence[str],
    tried: Sequence[Candidate],
    *,
    assignments: Sequence[str],
    seeds: int,
) -> dict[Candidate, list[Task]]:
    """Return each candidate's tasks."""
    found: dict[Candidate, list[Task]] = {each: [] for each in tried}
    for name in dict.fromkeys(scenarios):
        scenario = load(name, assignments=assignments)
        for each, kept in found.items():
            chosen = each.assignments(scenario)
            with said_as(chosen):
                kept += tasks(
                    [name],
                    [()],
                    assignments=[*assignments, *chosen],
                    seeds=seeds,
                    policies=(OWN,),
                )
    return found


def _table(verdicts: Sequence[Verdict]) -> Table:
    table = Table(box=None, pad_edge=False, collapse_padding=True)
    table.add_column("Candidate", no_wrap=True)
    for head in ("Blocked", "Worst run", "Cost", "Peak"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("Why not")
    for each in verdicts:
        table.add_row(
            str(each.candidate),
            percent(each.blocked_joins_pct),
            percent(each.worst_pct),
            f"{each.cost:,.0f}",
            f"{each.peak_nodes:,}",
            each.rejected or "recommended",
            style=None if each.rejected else "bold",
        )
    return table
