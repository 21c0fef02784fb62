"""An HPA on CPU utilisation, which saturates: a full fleet reads 100 % whatever the demand is."""

from collections.abc import Sequence
from dataclasses import dataclass

from simulations.policies.hpa_algorithm.replicas import PodMetrics, Pods, Tolerance, utilization
from simulations.policies.hpa_loop import HpaLoop
from simulations.policy import PolicyView, PoolView, WorldFacts

_REQUEST = 1000
"""Milli-units: an SFU pod requests its whole server, so that utilisation is the server's."""
_PERCENT = 100
_TOLERANCE = Tolerance()


def hpa_cpu(target_utilization: float = 0.7) -> HpaLoop:
    """Make the policy; `target_utilization` is the share of a server's CPU to aim at."""
    return HpaLoop("hpa-cpu", (Cpu(round(target_utilization * _PERCENT)),))


@dataclass(frozen=True, slots=True)
class Cpu:
    """CPU utilisation (type Resource) with a target in percent."""

    target_percent: int

    def reset(self, facts: WorldFacts) -> None:
        """Nothing is remembered."""

    def propose(self, view: PolicyView) -> Sequence[int | None]:
        """Return what the mean over the servers asks for."""
        return [self._propose(seen) for seen in view.pools]

    def _propose(self, seen: PoolView) -> int | None:
        if seen.cpu is None:
            return None
        metrics = PodMetrics(
            usage=round(seen.cpu * seen.reporting * _REQUEST),
            measured=_servers(seen.reporting),
            unready=_servers(seen.pending),
            missing=_servers(seen.ready - seen.reporting),
        )
        return utilization(
            metrics, current=seen.size, target_percent=self.target_percent, tolerance=_TOLERANCE
        )


def _servers(count: int) -> Pods:
    return Pods(count, count * _REQUEST)
