"""`meetscale compare`: what each policy costs, and what it risks, over its whole dial."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from autoscaler.cli.executors import Dask, Jobs
from autoscaler.cli.runs import Assignments, Scenarios, rows_of
from autoscaler.errors import SpecError
from simulations.policies.registry import POLICIES
from simulations.report.columns import percent
from simulations.sweep.frontier import Point, cheapest, frontiers, labels
from simulations.sweep.task import tasks


def compare(
    scenario: Scenarios,
    policy: Annotated[
        list[str] | None,
        typer.Option(help="Compare this policy (repeatable; default: all that have a dial)."),
    ] = None,
    dial: Annotated[
        list[str] | None,
        typer.Option(
            metavar="POLICY=V1,V2", help="Set its dial to these values instead of its whole grid."
        ),
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="Runs of each, by seed.")] = 3,
    first_seed: Annotated[
        int | None,
        typer.Option(min=0, help="Count seeds from here (default: from the scenario's own)."),
    ] = None,
    blocked: Annotated[
        float,
        typer.Option(
            metavar="PERCENT", min=0.0, max=100.0, help="Name each policy's cheapest within this."
        ),
    ] = 0.1,
    assignments: Assignments = None,
    jobs: Jobs = None,
    dask: Dask = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE.png|.html", help="Draw the frontiers.")
    ] = None,
) -> None:
    """Run every setting of every policy's dial, and draw what it costs and risks.

    A frontier is blocked joins against node-hours, over those of the clairvoyant bound.
    """
    names = list(dict.fromkeys(policy or [name for name, each in POLICIES.items() if each.dial]))
    chosen = labels(names, dict(_dial(text) for text in dial or ()))
    if plot is not None:
        from autoscaler.cli.drawing import check_plot

        check_plot(plot, option="--plot")
    wanted = list(
        tasks(
            scenario,
            [()],
            assignments=assignments or (),
            seeds=seeds,
            policies=chosen,
            first_seed=first_seed,
        )
    )
    points = frontiers(row for rows in rows_of(wanted, jobs=jobs, dask=dask) for row in rows)
    if as_json:
        typer.echo(json.dumps({"frontiers": [asdict(each) for each in points]}, indent=1))
    else:
        Console().print(_table(points, blocked=blocked), highlight=False)
    if plot is not None:
        from autoscaler.cli.compare_plot import plot_frontiers

        plot_frontiers(points, path=plot)


def _dial(text: str) -> tuple[str, tuple[float, ...]]:
    name, separator, values = text.partition("=")
    try:
        if not separator:
            raise ValueError(text)
        return name, tuple(float(each) for each in values.split(","))
    except ValueError as error:
        raise SpecError(f"--dial is {text!r}, must be POLICY=V1,V2, like hpa=0.5,0.7") from error


def _table(points: Sequence[Point], *, blocked: float) -> Table:
    """Return a row per setting, each policy's cheapest within `blocked` in bold."""
    table = Table(box=None, pad_edge=False, collapse_padding=True)
    for head in ("Scenario", "Policy", "Dial"):
        table.add_column(head, no_wrap=True)
    for head in ("Blocked", "95 %", "To the bound", "95 %"):
        table.add_column(head, justify="right", no_wrap=True)
    lines = {(each.scenario, each.policy) for each in points}
    best = {
        line: cheapest(
            (each for each in points if (each.scenario, each.policy) == line), blocked_pct=blocked
        )
        for line in lines
    }
    for each in points:
        table.add_row(
            each.scenario,
            each.policy,
            "its own" if each.dial is None else f"{each.dial:g}",
            percent(each.blocked_joins_pct),
            " to ".join(f"{end:.2f}" for end in each.blocked_interval),
            f"{each.cost_vs_bound:.2f}×",
            " to ".join(f"{end:.2f}" for end in each.cost_interval),
            style="bold" if each is best[each.scenario, each.policy] else None,
        )
    return table
