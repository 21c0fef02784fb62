"""A HorizontalPodAutoscaler for every pool, at the period and with the defaults of Kubernetes."""

from collections.abc import Callable
from dataclasses import dataclass, field

from autoscaler.planner.settings import PoolSettings
from simulations.policies.hpa_algorithm.behavior import Behavior
from simulations.policies.hpa_algorithm.controller import SYNC_SECONDS, Memory, sync
from simulations.policy import Orders, PolicyView, PoolView, Removal, WorldFacts

Proposal = Callable[[PoolSettings, PoolView], int | None]
"""What the HPA's metrics ask for, in replicas; None when they cannot be had."""
_BEHAVIOR = Behavior()


@dataclass(slots=True)
class HpaLoop:
    """The policy; `proposal` is all that tells one HPA from another."""

    name: str
    proposal: Proposal
    period_seconds: int = SYNC_SECONDS
    removal: Removal = Removal.REPLICA_SET
    _pools: tuple[PoolSettings, ...] = field(default=(), init=False)
    _memories: list[Memory] = field(default_factory=list, init=False)

    def reset(self, facts: WorldFacts) -> None:
        """Begin a run with nothing remembered."""
        self._pools = facts.pools
        self._memories = [Memory() for _ in facts.pools]

    def decide(self, view: PolicyView) -> Orders:
        """Sync every pool's HPA once."""
        return Orders.of(
            self._sync(index, pool, seen, view.now)
            for index, (pool, seen) in enumerate(zip(self._pools, view.pools, strict=True))
        )

    def _sync(self, index: int, pool: PoolSettings, seen: PoolView, now: int) -> int:
        size, _, self._memories[index] = sync(
            self._memories[index],
            now=now,
            current=seen.size,
            proposal=self.proposal(pool, seen),
            bounds=(pool.limits.min_servers, pool.limits.max_servers),
            behavior=_BEHAVIOR,
        )
        return size
