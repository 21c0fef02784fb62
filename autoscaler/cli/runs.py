"""Tasks of many runs carried out under a bar, and how people name what is run."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

from autoscaler.cli.executors import executor
from simulations.sweep.carry_out import carry_out
from simulations.sweep.task import Row, Task

Scenarios = Annotated[
    list[str], typer.Argument(metavar="NAME_OR_FILE...", help="Scenarios, shipped or your own.")
]
Assignments = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a field in all (repeatable)."),
]


def rows_of(tasks: Sequence[Task], *, jobs: int | None, dask: str | None) -> Iterator[list[Row]]:
    """Yield each task's rows as it ends, and draw a bar on standard error meanwhile."""
    if not tasks:
        return
    console = Console(stderr=True)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    with (
        executor(jobs, dask) as where,
        Progress(
            *columns, console=console, transient=True, disable=not console.is_terminal
        ) as bars,
    ):
        bar = bars.add_task("runs", total=len(tasks))
        for rows in carry_out(tasks, where):
            bars.update(bar, advance=1)
            yield rows
