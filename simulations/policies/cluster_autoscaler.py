"""An HPA on participants whose pods wait for the Cluster Autoscaler's nodes.

Cluster Autoscaler, FAQ: looks every 10 s for pods that do not fit, and asks for their nodes at
once; a node that has been unneeded for 10 min goes, but not within 10 min of an addition, and no
more than 10 at a time. One SFU pod fills one node. A node kept without its pod still serves here,
which flatters it: the world knows servers, not the pods on them.
"""

from dataclasses import dataclass, field

from simulations.policies.hpa import hpa
from simulations.policies.hpa_algorithm.controller import SYNC_SECONDS
from simulations.policies.hpa_loop import HpaLoop
from simulations.policy import Orders, PolicyView, PoolView, Removal, WorldFacts

SCAN_SECONDS = 10
UNNEEDED_SECONDS = 600
DELAY_AFTER_ADD_SECONDS = 600
MAX_REMOVED_AT_ONCE = 10


@dataclass(slots=True)
class Nodes:
    """One pool's node group; times are epoch seconds."""

    unneeded_since: list[int] = field(default_factory=list)
    """When each node beyond the pods lost its pod, oldest first."""
    added_at: int | None = None

    def scan(self, *, nodes: int, pods: int, now: int) -> int:
        """Return how many nodes there should be."""
        if pods > nodes:
            self.unneeded_since.clear()
            self.added_at = now
            return pods
        unneeded = nodes - pods
        del self.unneeded_since[unneeded:]
        self.unneeded_since += [now] * (unneeded - len(self.unneeded_since))
        if self.added_at is not None and now - self.added_at < DELAY_AFTER_ADD_SECONDS:
            return nodes
        idle = sum(now - since >= UNNEEDED_SECONDS for since in self.unneeded_since)
        removed = min(idle, MAX_REMOVED_AT_ONCE)
        del self.unneeded_since[:removed]
        return nodes - removed


@dataclass(slots=True)
class ClusterAutoscaler:
    """The policy; `target_utilization` is the HPA's."""

    target_utilization: float = 0.7
    name: str = "cluster-autoscaler"
    period_seconds: int = SCAN_SECONDS
    removal: Removal = Removal.REPLICA_SET
    _hpa: HpaLoop = field(init=False)
    _synced: int = field(default=-1, init=False)
    _pods: list[int] = field(default_factory=list, init=False)
    _nodes: list[Nodes] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self._hpa = hpa(target_utilization=self.target_utilization)

    def reset(self, facts: WorldFacts) -> None:
        """Begin with a pod on every node."""
        self._hpa.reset(facts)
        self._synced = -1
        self._pods = list(facts.initial_sizes)
        self._nodes = [Nodes() for _ in facts.pools]

    def decide(self, view: PolicyView) -> Orders:
        """Scan once, after the HPA's sync where one was due."""
        if view.now // SYNC_SECONDS != self._synced:
            self._synced = view.now // SYNC_SECONDS
            pods = [
                _of_pods(seen, count) for seen, count in zip(view.pools, self._pods, strict=True)
            ]
            orders = self._hpa.decide(view._replace(pools=tuple(pods)))
            self._pods = [order.size for order in orders.pools]
        return Orders.of(
            nodes.scan(nodes=seen.size, pods=pods, now=view.now)
            for nodes, seen, pods in zip(self._nodes, view.pools, self._pods, strict=True)
        )


def _of_pods(seen: PoolView, pods: int) -> PoolView:
    """Return what the HPA sees: its pods, on which all participants are."""
    ready = min(seen.ready, pods)
    reporting = min(seen.reporting, ready)
    participants = seen.participants
    if participants is not None and reporting:
        participants *= seen.reporting / reporting
    return seen._replace(
        participants=participants,
        reporting=reporting,
        ready=ready,
        pending=pods - ready,
        size=pods,
    )
