"""Ways to set a pool up, and which of them meets a target at least cost."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simulations.scenario.schema import Scenario
from simulations.sweep.task import Row


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """What would be written into every pool's spec; None: as it stands there.

    `zones_lost` of the pool's own zones, `bounds` are (minReplicas, maxReplicas).
    """

    quantile: float
    zones_lost: int | None = None
    bounds: tuple[int, int] | None = None

    def assignments(self, scenario: Scenario) -> dict[str, str]:
        """Return it as `--set` takes it, for every pool, each with the option that asks for it."""
        found = {}
        for pool in scenario.pools:
            spec = f"pools.{pool.name}.resource.spec"
            risk = f'{spec}.risk={{quantile: "{self.quantile:g}"}}'
            found[risk] = f"--quantile {self.quantile:g}"
            if self.zones_lost is not None:
                lost = f"{spec}.reserve.zonesLost={self.zones_lost}"
                found[lost] = f"--zones-lost {self.zones_lost}"
            if self.bounds is not None:
                least, most = self.bounds
                for field in (f"minReplicas={least}", f"maxReplicas={most}"):
                    found[f"{spec}.{field}"] = f"--bounds {least}..{most}"
        return found

    def __str__(self) -> str:
        """Say it as people write it."""
        parts = [f"P{100 * self.quantile:g}"]
        if self.zones_lost is not None:
            parts.append(f"{self.zones_lost} zones lost")
        if self.bounds is not None:
            parts.append(f"{self.bounds[0]} to {self.bounds[1]} servers")
        return ", ".join(parts)


def candidates(
    quantiles: Sequence[float],
    zones_lost: Sequence[int],
    bounds: Sequence[tuple[int, int]],
) -> list[Candidate]:
    """Return every combination; what is not named stays as the scenario has it."""
    lost: Sequence[int | None] = zones_lost or [None]
    bound: Sequence[tuple[int, int] | None] = bounds or [None]
    return [Candidate(*each) for each in itertools.product(quantiles, lost, bound)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a candidate did over all scenarios and seeds.

    `blocked_joins_pct` is the mean, `worst_pct` the worst run's, `cost` the mean's money,
    `peak_nodes` the most servers that any run had. `rejected` says why it is not the one
    recommended; empty: it is.
    """

    candidate: Candidate
    blocked_joins_pct: float
    worst_pct: float
    worst_run: str
    cost: float
    peak_nodes: int
    rejected: str = ""


def judge(rows: Mapping[Candidate, Iterable[Row]], *, target_pct: float) -> tuple[Verdict, ...]:
    """Return verdicts, the recommended one first if any meets the target, then by cost.

    A candidate meets the target if every run does: a mean hides the night that people remember.
    """
    found = [_measured(candidate, list(each)) for candidate, each in rows.items()]
    good = sorted(
        (each for each in found if each.worst_pct <= target_pct),
        key=lambda each: (each.cost, each.worst_pct, each.candidate.quantile),
    )
    best = good[0] if good else None
    judged = [_judged(each, best, target_pct=target_pct) for each in found]
    return tuple(sorted(judged, key=lambda each: (bool(each.rejected), each.cost)))


def _measured(candidate: Candidate, rows: list[Row]) -> Verdict:
    blocked = np.array([_number(row, "blocked_joins_pct") for row in rows])
    worst = rows[int(blocked.argmax())]
    return Verdict(
        candidate=candidate,
        blocked_joins_pct=float(blocked.mean()),
        worst_pct=float(blocked.max()),
        worst_run=f"{worst['scenario']}, seed {worst['seed']}",
        cost=float(np.mean([_number(row, "cost") for row in rows])),
        peak_nodes=int(max(_number(row, "peak_nodes") for row in rows)),
    )


def _judged(each: Verdict, best: Verdict | None, *, target_pct: float) -> Verdict:
    if best is not None and each.candidate == best.candidate:
        return each
    if each.worst_pct > target_pct:
        why = f"{each.worst_pct:.3g} % of joins blocked in {each.worst_run}"
    else:
        assert best is not None
        more = 100.0 * (each.cost / best.cost - 1.0) if best.cost > 0.0 else 0.0
        why = f"meets the target, and costs {more:.1f} % more"
    return replace(each, rejected=why)


def _number(row: Row, name: str) -> float:
    value = row[name]
    assert isinstance(value, int | float)
    return float(value)
