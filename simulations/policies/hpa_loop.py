"""A HorizontalPodAutoscaler for every pool, at the period and with the defaults of Kubernetes."""

from dataclasses import dataclass, field

from autoscaler.planner.settings import PoolSettings
from simulations.policies.hpa_algorithm.behavior import Behavior
from simulations.policies.hpa_algorithm.controller import SYNC_SECONDS, Memory, largest, sync
from simulations.policies.metrics.metric import Metric
from simulations.policy import Orders, PolicyView, Removal, WorldFacts


@dataclass(slots=True)
class HpaLoop:
    """The policy; its metrics, of which the largest proposal wins, tell one HPA from another."""

    name: str
    metrics: tuple[Metric, ...]
    behavior: Behavior = field(default_factory=Behavior)
    period_seconds: int = SYNC_SECONDS
    removal: Removal = Removal.REPLICA_SET
    _pools: tuple[PoolSettings, ...] = field(default=(), init=False)
    _memories: list[Memory] = field(default_factory=list, init=False)

    def reset(self, facts: WorldFacts) -> None:
        """Begin a run with nothing remembered."""
        self._pools = facts.pools
        self._memories = [Memory() for _ in facts.pools]
        for metric in self.metrics:
            metric.reset(facts)

    def decide(self, view: PolicyView) -> Orders:
        """Sync every pool's HPA once."""
        by_metric = [metric.propose(view) for metric in self.metrics]
        return Orders.of(
            self._sync(index, pool, seen.size, [column[index] for column in by_metric], view.now)
            for index, (pool, seen) in enumerate(zip(self._pools, view.pools, strict=True))
        )

    def _sync(
        self, index: int, pool: PoolSettings, current: int, proposals: list[int | None], now: int
    ) -> int:
        size, _, self._memories[index] = sync(
            self._memories[index],
            now=now,
            current=current,
            proposal=largest(proposals, current=current),
            bounds=(pool.limits.min_servers, pool.limits.max_servers),
            behavior=self.behavior,
        )
        return size
