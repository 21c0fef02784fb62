"""The past of pools, from a file or by their own demand queries, on one grid."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from autoscaler.cli.demand import from_file
from autoscaler.cli.values import iso
from autoscaler.errors import SpecError
from autoscaler.ports.demand import Reading
from autoscaler.prometheus.source import PrometheusDemand
from autoscaler.whatif.world import AssumedMix, PlannedPool
from forecast.history import History
from forecast.samples_table import QUARTER_HOUR


def history_from_file(path: Path, pools: Sequence[PlannedPool], *, at: int | None) -> History:
    """Read each pool's series by its name, up to `at` (None: the end of the newest).

    A file of one series is the past of one pool whatever it is called. Raises SpecError.
    """
    told = {name: history for name, (history, _) in from_file(path).items()}
    found = {pool.key: _series(pool, told, path, alone=len(pools) == 1) for pool in pools}
    steps = {history.step_seconds for history in found.values()}
    if len(steps) > 1:
        raise SpecError(
            f"--history {path}: series come every {' and every '.join(map(str, sorted(steps)))} s, "
            "must all come as often"
        )
    (step,) = steps
    start = min(history.start for history in found.values())
    end = max(history.end for history in found.values())
    last = end if at is None else start + (at - start) // step * step
    if last <= start:
        raise SpecError(f"--at is {iso(at or 0)}, --history {path} begins at {iso(start)}")
    if last > end:
        raise SpecError(f"--at is {iso(at or 0)}, --history {path} ends at {iso(end)}")
    rows = [history.spanning(start, last) for history in found.values()]
    return History(
        series_ids=tuple(found),
        start=start,
        step_seconds=step,
        values=np.concatenate([row.values for row in rows]),
        states=np.concatenate([row.states for row in rows]),
    )


def _series(pool: PlannedPool, told: Mapping[str, History], path: Path, *, alone: bool) -> History:
    for name in (pool.key, pool.metadata.name):
        if name in told:
            return told[name]
    if alone and len(told) == 1:
        return next(iter(told.values()))
    raise SpecError(
        f"--history {path} has no series {pool.metadata.name!r}, there are {', '.join(told)}: "
        "series_id must be the pool's name"
    )


def history_from_prometheus(
    url: str, pools: Sequence[PlannedPool], *, now: int, live: bool
) -> tuple[History, tuple[PlannedPool, ...]]:
    """Ask for the four weeks before `now` by the pools' own presets and queries.

    Where `now` is `live`, what a participant is sent is read as well, for pools whose mix nobody
    assumed. Raises PrometheusError when nothing is told.
    """
    source = PrometheusDemand(url)
    try:
        history = source.history(pools, now=now)
        readings = source.read(pools, now=now) if live else {}
    finally:
        source.close()
    silent = [pool for pool in pools if not _known(history, pool)]
    if len(silent) == len(pools):
        names = ", ".join(pool.metadata.name for pool in silent)
        begin, end = iso(history.start), iso(history.end)
        raise SpecError(f"--prometheus {url} tells nothing of {names} from {begin} to {end}")
    return history, tuple(_measured(pool, readings.get(pool.key)) for pool in pools)


def _known(history: History, pool: PlannedPool) -> bool:
    row = history.series_ids.index(pool.key)
    return bool(np.isfinite(history.values[row]).any())


def _measured(pool: PlannedPool, reading: Reading | None) -> PlannedPool:
    if pool.mix is not None or reading is None or not reading.egress_mbps:
        return pool
    participants = reading.demand.participants
    if not participants:
        return pool
    mix = AssumedMix(egress_mbps=round(reading.egress_mbps / participants, 4))
    return pool.model_copy(update={"mix": mix})


def whole_quarter(now: int) -> int:
    """Return the last quarter-hour that is over."""
    return now // QUARTER_HOUR * QUARTER_HOUR
