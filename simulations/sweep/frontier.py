"""What each setting of each policy's dial costs, and what it risks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from autoscaler.errors import SpecError
from forecast.arrays import FloatArray
from simulations.policies import clairvoyant
from simulations.policies.registry import entry, make, named
from simulations.sweep.task import Row

_RESAMPLES = 2000
_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One setting of one policy in one scenario: means over seeds.

    `dial` is None for a policy that runs by each pool's own settings. The intervals are those of
    the means, 95 %, by bootstrap over seeds.
    """

    scenario: str
    policy: str
    dial: float | None
    blocked_joins_pct: float
    blocked_interval: tuple[float, float]
    cost_vs_bound: float
    cost_interval: tuple[float, float]
    seeds: int


def labels(policies: Iterable[str], dials: dict[str, tuple[float, ...]]) -> tuple[str, ...]:
    """Return a label for each setting; those whose dial is not named take its whole grid.

    Meetscale also runs by the pools' own settings. Raises SpecError for an unknown policy, and for
    a dial of one that has none or is not among them, or a value outside of its grid.
    """
    found: list[str] = []
    chosen = list(policies)
    for name, values in dials.items():
        for value in values:
            make(name, value)
        if name not in chosen:
            raise SpecError(
                f"--dial {name}: must be one of the policies compared: {', '.join(chosen)}"
            )
    for name in chosen:
        dial = entry(name).dial
        if dial is None or (dial.default is None and name not in dials):
            found.append(name)
        if dial is not None:
            found += [f"{name}@{value:g}" for value in dict.fromkeys(dials.get(name, dial.values))]
    return tuple(found)


def frontiers(rows: Iterable[Row]) -> tuple[Point, ...]:
    """Return a point per scenario and setting, the bound left out; dials ascend.

    The order of the rows, that of who finished first, changes nothing. Raises SpecError for a
    scenario whose bound needs no server: nothing can be compared with that.
    """
    runs: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in sorted(rows, key=_seed):  # sums and the bootstrap depend on the order
        if row["policy"] != clairvoyant.NAME:
            runs[str(row["scenario"]), str(row["policy"])].append(row)
    points = [_point(*where, each) for where, each in runs.items()]
    return tuple(sorted(points, key=lambda each: (each.scenario, each.policy, each.dial or 0.0)))


def _point(scenario: str, label: str, rows: Sequence[Row]) -> Point:
    name, dial = named(label)
    if any(row["node_hours_vs_bound"] is None for row in rows):
        raise SpecError(
            f"scenario {scenario!r}: with full knowledge no server is needed, so that there is no"
            " cost to compare with"
        )
    blocked = _numbers(rows, "blocked_joins_pct")
    cost = _numbers(rows, "node_hours_vs_bound")
    return Point(
        scenario=scenario,
        policy=name,
        dial=dial,
        blocked_joins_pct=float(blocked.mean()),
        blocked_interval=interval(blocked),
        cost_vs_bound=float(cost.mean()),
        cost_interval=interval(cost),
        seeds=len(rows),
    )


def interval(values: FloatArray) -> tuple[float, float]:
    """Return the 95 % interval of the mean, by bootstrap; the same draw for the same number."""
    if values.size < 2:
        return float(values.min()), float(values.max())
    draws = np.random.default_rng(values.size).integers(0, values.size, (_RESAMPLES, values.size))
    tail = 0.5 * (1.0 - _CONFIDENCE)
    low, high = np.quantile(values[draws].mean(axis=1), (tail, 1.0 - tail)).tolist()
    return low, high


def cheapest(points: Iterable[Point], *, blocked_pct: float) -> Point | None:
    """Return the point of least cost that blocks no more than this, None if there is none."""
    good = [each for each in points if each.blocked_joins_pct <= blocked_pct]
    return min(good, key=lambda each: each.cost_vs_bound, default=None)


def safest(points: Iterable[Point], *, cost_vs_bound: float) -> Point | None:
    """Return the point of fewest blocked joins that costs no more than this, None if none does."""
    good = [each for each in points if each.cost_vs_bound <= cost_vs_bound]
    return min(good, key=lambda each: each.blocked_joins_pct, default=None)


def _seed(row: Row) -> int:
    seed = row["seed"]
    assert isinstance(seed, int)
    return seed


def _numbers(rows: Sequence[Row], name: str) -> FloatArray:
    return np.array([row[name] for row in rows], dtype=np.float64)
