"""Tasks on an executor, and their rows kept in a file that a second run goes on from."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, as_completed
from pathlib import Path
from time import monotonic

import pandas as pd

from autoscaler.errors import SpecError
from simulations.sweep.task import Row, Task, solve

_KEEP_EVERY_SECONDS = 10.0


def carry_out(tasks: Iterable[Task], executor: Executor) -> Iterator[list[Row]]:
    """Run tasks wherever the executor does, and yield the rows of each as it ends."""
    waiting = {executor.submit(solve, task) for task in tasks}
    try:
        for done in as_completed(waiting):
            yield done.result()
    except BrokenExecutor as error:
        raise SpecError(
            "a process that ran a scenario was ended from outside, perhaps for want of memory:"
            " fewer --jobs need less"
        ) from error
    finally:
        for each in waiting:
            each.cancel()


class Results:
    """Rows in a Parquet file, written whole and in one order whatever order they came in."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: list[Row] = _read(path)
        self._written = monotonic()

    @property
    def keys(self) -> frozenset[str]:
        """Return the tasks whose rows are there."""
        return frozenset(str(row["key"]) for row in self._rows)

    def add(self, rows: list[Row]) -> None:
        """Take rows in; the file is written every so often."""
        self._rows += rows
        if monotonic() - self._written > _KEEP_EVERY_SECONDS:
            self.write()

    def write(self) -> None:
        """Write what there is, if anything. A file is replaced whole, never left half written."""
        if not self._rows:
            return
        beside = self._path.with_name(f".{self._path.name}.part")
        self.table().to_parquet(beside, index=False)
        os.replace(beside, self._path)
        self._written = monotonic()

    def table(self) -> pd.DataFrame:
        """Return the rows, sorted by what was run."""
        return ordered(self._rows)


def ordered(rows: Iterable[Row]) -> pd.DataFrame:
    """Return rows as a table whose order does not depend on who finished first."""
    table = pd.DataFrame(list(rows))
    if table.empty:
        return table
    by = ["scenario", "key", "seed", "policy"]
    return table.sort_values(by, kind="stable", ignore_index=True)


def _read(path: Path) -> list[Row]:
    if not path.exists():
        return []
    try:
        table = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise SpecError(f"{path}: is no Parquet file; name another, or remove it") from error
    if "key" not in table.columns and len(table.columns) > 0:
        raise SpecError(f"{path}: has no column 'key', so it is not the result of a sweep")
    records = table.astype(object).where(table.notna(), None).to_dict("records")
    return [{str(name): value for name, value in record.items()} for record in records]
