"""An HPA on participants, set as well as one can be.

Two metrics, of which the larger proposal wins: participants per server (Pods), which treats missing
targets conservatively, and demand with refused joins (External), which goes on rising when every
server is full. Both aim at the same share of a server's rating.
"""

from autoscaler.capacity.rating import rate
from autoscaler.planner.settings import PoolSettings
from simulations.policies.hpa_algorithm.controller import largest
from simulations.policies.hpa_algorithm.replicas import (
    PodMetrics,
    Pods,
    Tolerance,
    average_value,
    pods_metric,
)
from simulations.policies.hpa_loop import HpaLoop
from simulations.policy import PoolView

_MILLI = 1000


def hpa(*, target_utilization: float = 0.7) -> HpaLoop:
    """Make the policy; `target_utilization` is the share of a server's rating to aim at."""

    def proposal(pool: PoolSettings, seen: PoolView) -> int | None:
        target = round(rate(pool.server, pool.mix).full * target_utilization * _MILLI)
        return largest((_per_server(seen, target), _in_total(seen, target)), current=seen.size)

    return HpaLoop("hpa", proposal)


def _per_server(seen: PoolView, target: int) -> int | None:
    if seen.participants is None:
        return None
    metrics = PodMetrics(
        usage=round(seen.participants * seen.reporting * _MILLI),
        measured=Pods(seen.reporting),
        unready=Pods(seen.pending),
        missing=Pods(seen.ready - seen.reporting),
    )
    return pods_metric(metrics, current=seen.size, target=target, tolerance=Tolerance())


def _in_total(seen: PoolView, target: int) -> int | None:
    if seen.demand.participants is None:
        return None
    usage = round(seen.demand.participants * _MILLI)
    return average_value(usage, current=seen.size, target=target, tolerance=Tolerance())
