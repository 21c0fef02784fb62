"""How long a forecast of many pools takes, and in how much memory: `python -m benchmarks.speed`."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import numpy as np
from rich.console import Console

from benchmarks.report import Table, cell, to_rich
from forecast.calendar import DAY, Calendar
from forecast.fitted import cutoffs
from forecast.forecaster import Forecaster
from forecast.history import History, PointState

POOLS = 1000
_QUARTER_HOUR, _MINUTE = 900, 60
_NOW = 1_772_461_800
"""Monday, 2 March 2026, 14:30 UTC."""
_DAYS = 28
_UPDATES, _REFITS = 7, 3
_FORECASTER = Forecaster()


@dataclass(frozen=True, slots=True)
class Speed:
    """The median time of some work, done in a process of its own; the goal is for 1,000 pools.

    `peak_mb` (10^6 bytes) is the most that the process ever held, interpreter and history included;
    None where the system does not tell.
    """

    grid: str
    pools: int
    what: str
    seconds: float
    goal_seconds: float | None
    peak_mb: float | None


def measure(*, pools: int = POOLS) -> list[Speed]:
    """Measure updates and refits on four weeks of made-up demand, 24 h ahead, four quantiles."""
    rows = []
    for grid, what, work, goal in (
        ("15 min", "update with one new point, no refit due", _update, 0.05),
        ("15 min", "update with one new point, a 24th of the refits due", _staggered, None),
        ("15 min", "full refit", _refit_quarter_hours, 20.0),
        ("1 min", "full refit", _refit_minutes, 40.0),
    ):
        seconds, peak_mb = _alone(work, pools)
        rows.append(Speed(grid, pools, what, seconds, goal, peak_mb))
    return rows


def speed_table(rows: Sequence[Speed]) -> Table:
    """Return the rows beside their goals."""
    return Table(
        "Speed",
        ("what is done", "grid", "pools", "seconds", "goal", "peak MB"),
        [
            (
                row.what,
                row.grid,
                f"{row.pools:,}",
                cell(row.seconds),
                "–" if row.goal_seconds is None else f"<= {row.goal_seconds:g}",
                "–" if row.peak_mb is None else f"{row.peak_mb:.0f}",
            )
            for row in rows
        ],
        "Four weeks of made-up demand with gaps, 24 h ahead, four quantiles; medians, each work in "
        "a process of its own. The peak is that of the whole process, interpreter and history "
        "included; at 1 min the goal is <= 500 MB.",
    )


def _update(pools: int) -> float:
    names = tuple(f"pool-{number}" for number in range(2 * pools))
    now, later = (
        cutoffs(
            names, start=at, step_seconds=_QUARTER_HOUR, refit_seconds=_FORECASTER.refit_seconds
        )
        for at in (_NOW, _NOW + _UPDATES * _QUARTER_HOUR)
    )
    return _updates(
        tuple(name for name, due in zip(names, now < later, strict=True) if not due)[:pools]
    )


def _staggered(pools: int) -> float:
    return _updates(tuple(f"pool-{number}" for number in range(pools)))


def _updates(names: tuple[str, ...]) -> float:
    history = made_up(names, _QUARTER_HOUR, after=_UPDATES)
    _, fitted = _FORECASTER.refresh(
        history, now=_NOW, horizon_steps=DAY // _QUARTER_HOUR, calendar=Calendar()
    )
    seconds = []
    for step in range(1, _UPDATES + 1):
        now = _NOW + step * _QUARTER_HOUR
        known = history.window(history.start, now)
        began = time.perf_counter()
        _, fitted = _FORECASTER.refresh(
            known,
            now=now,
            horizon_steps=DAY // _QUARTER_HOUR,
            calendar=Calendar(),
            fitted=fitted,
        )
        seconds.append(time.perf_counter() - began)
    return median(seconds)


def _refit_quarter_hours(pools: int) -> float:
    return _refits(pools, _QUARTER_HOUR)


def _refit_minutes(pools: int) -> float:
    return _refits(pools, _MINUTE)


def _refits(pools: int, step_seconds: int) -> float:
    history = made_up(tuple(f"pool-{number}" for number in range(pools)), step_seconds)
    seconds = []
    for _ in range(_REFITS):
        began = time.perf_counter()
        _FORECASTER.refresh(
            history, now=_NOW, horizon_steps=DAY // step_seconds, calendar=Calendar()
        )
        seconds.append(time.perf_counter() - began)
    return median(seconds)


def made_up(names: tuple[str, ...], step_seconds: int, *, after: int = 0) -> History:
    """Return working days and weekends in float32, 1 % of it missing, and `after` steps more."""
    points = _DAYS * DAY // step_seconds + after
    start = _NOW + (after - points) * step_seconds
    times = start + step_seconds * np.arange(points)
    hour, weekday = times % DAY / 3600.0, (times // DAY + 3) % 7
    day = np.clip(np.sin((hour - 7.0) / 12.0 * np.pi), 0.0, None) * (hour > 7.0) * (hour < 19.0)
    shape = 0.05 + day * np.where(weekday < 5, 1.0, 0.2)
    values = np.empty((len(names), points), dtype=np.float32)
    states = np.full(values.shape, PointState.OBSERVED, dtype=np.uint8)
    random = np.random.default_rng(0)
    for row in range(len(names)):
        noise = np.exp(0.05 * random.standard_normal(points))
        values[row] = np.round(10.0 ** random.uniform(1.0, 4.0) * shape * noise)
        gap = int(random.integers(0, points))
        missing = slice(gap, gap + points // 100)
        values[row, missing], states[row, missing] = np.nan, PointState.MISSING
    return History(names, start, step_seconds, values, states)


def _alone(work: Callable[[int], float], pools: int) -> tuple[float, float | None]:
    """Return seconds and peak memory of work in a new process, which holds nothing else."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as process:
        return process.submit(_with_peak, work, pools).result()


def _with_peak(work: Callable[[int], float], pools: int) -> tuple[float, float | None]:
    return work(pools), _peak_mb()


def _peak_mb() -> float | None:
    # Not `getrusage`: a new process starts there with the peak of the one that started it.
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    kib = next((line.split()[1] for line in lines if line.startswith("VmHWM:")), None)
    return None if kib is None else int(kib) * 1.024e-3


if __name__ == "__main__":
    Console().print(to_rich(speed_table(measure())))
