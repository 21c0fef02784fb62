"""Tasks of a sweep carried out under a bar."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

from autoscaler.cli.executors import executor
from simulations.sweep.carry_out import carry_out
from simulations.sweep.task import Row, Task


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
