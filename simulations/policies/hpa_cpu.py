"""An HPA on CPU utilisation, which saturates: a full fleet reads 100 % whatever the demand is."""

from autoscaler.planner.settings import PoolSettings
from simulations.policies.hpa_algorithm.replicas import PodMetrics, Pods, Tolerance, utilization
from simulations.policies.hpa_loop import HpaLoop
from simulations.policy import PoolView

_REQUEST = 1000
"""Milli-units: an SFU pod requests its whole server, so that utilisation is the server's."""
_PERCENT = 100


def hpa_cpu(*, target_utilization: float = 0.7) -> HpaLoop:
    """Make the policy; `target_utilization` is the share of a server's CPU to aim at."""
    target_percent = round(target_utilization * _PERCENT)

    def proposal(_: PoolSettings, seen: PoolView) -> int | None:
        if seen.cpu is None:
            return None
        metrics = PodMetrics(
            usage=round(seen.cpu * seen.reporting * _REQUEST),
            measured=_servers(seen.reporting),
            unready=_servers(seen.pending),
            missing=_servers(seen.ready - seen.reporting),
        )
        return utilization(
            metrics, current=seen.size, target_percent=target_percent, tolerance=Tolerance()
        )

    return HpaLoop("hpa-cpu", proposal)


def _servers(count: int) -> Pods:
    return Pods(count, count * _REQUEST)
