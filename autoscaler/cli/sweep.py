"""`meetscale sweep`: many runs, over any field of a scenario and over seeds."""

import json
import math
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from autoscaler.cli.executors import Dask, Jobs
from autoscaler.cli.runs import Assignments, Scenarios, rows_of
from autoscaler.cli.tables import PARQUET, check_place
from simulations.policies.registry import USUAL, policies
from simulations.report.columns import percent
from simulations.sweep.axes import drawn, grid, parse_axis
from simulations.sweep.carry_out import Results
from simulations.sweep.task import tasks


def sweep(
    scenario: Scenarios,
    out: Annotated[
        Path,
        typer.Option(
            metavar="FILE.parquet", help="Where rows go; a second run does what is missing there."
        ),
    ],
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=V1,V2|LOW..HIGH", help="Vary a field (repeatable): every combination."
        ),
    ] = None,
    samples: Annotated[
        int | None,
        typer.Option(min=1, max=100_000, help="Draw so many combinations instead."),
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, max=10_000, help="Runs of each, by seed.")] = 1,
    policy: Annotated[
        list[str] | None,
        typer.Option(
            help=f"Run this policy (repeatable, else {', '.join(USUAL)}); the bound always runs."
        ),
    ] = None,
    assignments: Assignments = None,
    jobs: Jobs = None,
    dask: Dask = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows as JSON.")] = False,
) -> None:
    """Run scenarios over fields and seeds, and keep every policy's numbers.

    Rows are the same whatever the number of processes.
    """
    names = tuple(policy or USUAL)
    policies(names)  # an unknown one is told before the work, not after
    axes = [parse_axis(text) for text in vary or ()]
    settings = list(grid(axes) if samples is None else drawn(axes, samples=samples, seed=0))
    wanted = list(
        tasks(scenario, settings, assignments=assignments or (), seeds=seeds, policies=names)
    )
    check_place(out, option="--out", formats=PARQUET)
    results = Results(out)
    missing = [task for task in wanted if task.key not in results.keys]
    if len(missing) < len(wanted):
        typer.echo(f"{len(wanted) - len(missing)} of {len(wanted)} runs are in {out}", err=True)
    try:
        for rows in rows_of(missing, jobs=jobs, dask=dask):
            results.add(rows)
    finally:
        results.write()
    keys = {task.key for task in wanted}
    table = results.table()
    table = table[table["key"].isin(keys)]
    if as_json:
        typer.echo(json.dumps(json.loads(table.to_json(orient="records")), indent=1))
        return
    Console().print(_table(table, [axis.path for axis in axes]), highlight=False)
    typer.echo(f"{len(wanted)} runs, {len(table)} rows: {out}")


def _table(table: pd.DataFrame, varied: list[str]) -> Table:
    """Return a row per policy and setting: medians over seeds, and the worst blocked joins."""
    shown = Table(box=None, pad_edge=False, collapse_padding=True)
    for head in ("Scenario", *(path.rpartition(".")[2] for path in varied), "Policy"):
        shown.add_column(head, no_wrap=True)
    for head in ("Blocked", "Worst", "Shortage\nnode-min", "To the bound"):
        shown.add_column(head, justify="right", no_wrap=True)
    for group, rows in table.groupby(["scenario", *varied, "policy"], sort=True, dropna=False):
        shown.add_row(
            *(str(each) for each in group),
            percent(float(rows["blocked_joins_pct"].median())),
            percent(float(rows["blocked_joins_pct"].max())),
            f"{rows['shortage_node_minutes'].median():,.0f}",
            _times(float(rows["node_hours_vs_bound"].dropna().astype(float).median())),
        )
    return shown


def _times(ratio: float) -> str:
    return "–" if math.isnan(ratio) else f"{ratio:.2f}×"
