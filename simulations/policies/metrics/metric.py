"""One metric in the spec of an HPA."""

from collections.abc import Sequence
from typing import Protocol

from autoscaler.capacity.rating import rate
from autoscaler.planner.settings import PoolSettings
from simulations.policies.hpa_algorithm.replicas import Tolerance, average_value
from simulations.policy import PolicyView, WorldFacts

MILLI = 1000
_TOLERANCE = Tolerance()


class Metric(Protocol):
    """A metric of the HPAs of all pools; it may remember what it has read within a run."""

    def reset(self, facts: WorldFacts) -> None:
        """Begin a run."""
        ...

    def propose(self, view: PolicyView) -> Sequence[int | None]:
        """Return the replicas asked for, by pool; None where the metric cannot be had."""
        ...


def target(pool: PoolSettings, utilization: float) -> int:
    """Return the target per server for a share of its rating, in milli-participants."""
    return round(rate(pool.server, pool.mix).full * utilization * MILLI)


def share(total: float | None, *, current: int, target: int) -> int | None:
    """Return replicas for a total that pods share (External, AverageValue); None stays None."""
    if total is None:
        return None
    usage = round(total * MILLI)
    return average_value(usage, current=current, target=target, tolerance=_TOLERANCE)
