"""A file of samples that grows, and goes on where an interruption left it."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from autoscaler.cli.tables import read_table, write_table
from autoscaler.errors import SpecError
from autoscaler.prometheus.download import Chunk
from forecast.arrays import FloatArray, IntArray
from forecast.columns import epoch_seconds

COLUMNS = ("series_id", "timestamp", "value")


class GrowingTable:
    """Rows of series_id, timestamp and value, the file being whole whenever anybody looks.

    It is written when the rows have doubled, so that all writing together takes as long as writing
    twice, and when it is closed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._parts = [_existing(path)]
        self._unwritten = 0

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(len(part) for part in self._parts)

    @property
    def series(self) -> int:
        """How many series there are."""
        return len({name for part in self._parts for name in part["series_id"].unique()})

    def reopen(self, *, step_seconds: int) -> tuple[int, int] | None:
        """Return the first and the last time, of which the last is taken out, to be asked again.

        None where there are no rows. Raises SpecError for rows of another step.
        """
        if not self.rows:
            return None
        table = pd.concat(self._parts)
        times = np.unique(table["timestamp"].to_numpy(dtype="datetime64[s]").astype(np.int64))
        if (times % step_seconds).any() or (
            times.size > 1 and np.diff(times).min() != step_seconds
        ):
            raise SpecError(f"{self._path} was not fetched with a step of {step_seconds} s")
        self._parts = [table[table["timestamp"] < table["timestamp"].max()]]
        return int(times[0]), int(times[-1])

    def add(self, chunk: Chunk) -> None:
        """Append what a chunk told."""
        parts = [
            _table(np.full(times.size, name, dtype=object), times, values)
            for name, (times, values) in chunk.series.items()
        ]
        if not parts:
            return
        part = pd.concat(parts)
        self._parts.append(part)
        self._unwritten += len(part)
        if 2 * self._unwritten >= self.rows:
            self.write()

    def write(self) -> None:
        """Write what is not written yet."""
        if self._unwritten:
            whole = pd.concat(self._parts).sort_values(["timestamp", "series_id"])
            write_table(whole, self._path)
            self._parts, self._unwritten = [whole], 0


def _existing(path: Path) -> pd.DataFrame:
    if not path.exists():
        return _table(np.array([], dtype=object), np.zeros(0, dtype=np.int64), np.zeros(0))
    table = read_table(path)
    if tuple(table.columns) != COLUMNS:
        raise SpecError(f"{path} is not a file that fetch wrote, name another one")
    times = epoch_seconds(table["timestamp"], source=str(path))
    names = table["series_id"].astype(object).to_numpy()
    return _table(names, times.to_numpy(), table["value"].to_numpy(dtype=np.float64))


def _table(names: npt.NDArray[np.object_], times: IntArray, values: FloatArray) -> pd.DataFrame:
    moments = pd.to_datetime(times, unit="s", utc=True).as_unit("s")
    return pd.DataFrame(dict(zip(COLUMNS, (names, moments, values), strict=True)))
