"""Participants: per server (type Pods), and in total with refused joins (type External)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from simulations.policies.hpa_algorithm.replicas import PodMetrics, Pods, Tolerance, pods_metric
from simulations.policies.metrics.metric import MILLI, share, target
from simulations.policy import PolicyView, PoolView, WorldFacts

_TOLERANCE = Tolerance()


@dataclass(slots=True)
class PerServer:
    """Participants per server: treats targets that went missing conservatively."""

    utilization: float
    _targets: tuple[int, ...] = field(default=(), init=False)

    def reset(self, facts: WorldFacts) -> None:
        """Take every pool's rating."""
        self._targets = tuple(target(pool, self.utilization) for pool in facts.pools)

    def propose(self, view: PolicyView) -> Sequence[int | None]:
        """Return what the mean over the servers asks for."""
        return [_per_server(seen, aim) for seen, aim in zip(view.pools, self._targets, strict=True)]


@dataclass(slots=True)
class InTotal:
    """Demand in total: goes on rising when every server is full."""

    utilization: float
    _targets: tuple[int, ...] = field(default=(), init=False)

    def reset(self, facts: WorldFacts) -> None:
        """Take every pool's rating."""
        self._targets = tuple(target(pool, self.utilization) for pool in facts.pools)

    def propose(self, view: PolicyView) -> Sequence[int | None]:
        """Return what the total asks for."""
        return [
            share(seen.demand.participants, current=seen.size, target=aim)
            for seen, aim in zip(view.pools, self._targets, strict=True)
        ]


def _per_server(seen: PoolView, aim: int) -> int | None:
    if seen.participants is None:
        return None
    metrics = PodMetrics(
        usage=round(seen.participants * seen.reporting * MILLI),
        measured=Pods(seen.reporting),
        unready=Pods(seen.pending),
        missing=Pods(seen.ready - seen.reporting),
    )
    return pods_metric(metrics, current=seen.size, target=aim, tolerance=_TOLERANCE)
