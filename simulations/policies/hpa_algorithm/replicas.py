"""What one metric asks for: replica_calculator.go.

Missing and unready pods are imputed against the direction of the change: as if they were at the
target when scaling down, as if idle when scaling up. Where that turns the direction around, nothing
changes.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

MAX_INT32 = 2**31 - 1
FULL_PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """The band around 1 in which a usage ratio changes nothing, in shares of 1."""

    down: float = 0.1
    up: float = 0.1

    def holds(self, ratio: float) -> bool:
        """Whether `ratio` is too close to 1 to act."""
        return 1.0 - self.down <= ratio <= 1.0 + self.up


@dataclass(frozen=True, slots=True)
class Pods:
    """A group of pods, and what they request together in milli-units (0: plays no role)."""

    count: int = 0
    requests: int = 0


class PodMetrics(NamedTuple):
    """One metric over the pods of a workload; failed and terminating pods are in no group.

    `usage` is the sum over `measured` pods, in milli-units. `unready` pods are pending, or not
    ready yet where the metric is CPU: their samples are dropped. `missing` pods run and report
    nothing.
    """

    usage: int
    measured: Pods
    unready: Pods = Pods()
    missing: Pods = Pods()


Ratio = Callable[[int, Pods], float]
"""Usage over target, from the usage (milli-units) of a group of pods."""


def pods_metric(
    metrics: PodMetrics, *, current: int, target: int, tolerance: Tolerance
) -> int | None:
    """Return replicas for a target average per pod (type Pods); None when no pod reports."""

    def ratio(usage: int, pods: Pods) -> float:
        return (usage // pods.count) / target

    imputed = metrics.missing.count * target
    return _replicas(metrics, ratio, at_target=imputed, current=current, tolerance=tolerance)


def utilization(
    metrics: PodMetrics, *, current: int, target_percent: int, tolerance: Tolerance
) -> int | None:
    """Return replicas for a target share of the request (type Resource, Utilization).

    A missing pod counts as using its whole request on the way down (the target, where that is above
    100 %). None when no pod reports.
    """

    def ratio(usage: int, pods: Pods) -> float:
        return (usage * FULL_PERCENT // pods.requests) / target_percent

    imputed = metrics.missing.requests * max(FULL_PERCENT, target_percent) // FULL_PERCENT
    return _replicas(metrics, ratio, at_target=imputed, current=current, tolerance=tolerance)


def average_value(usage: int, *, current: int, target: int, tolerance: Tolerance) -> int:
    """Return replicas for a total that pods share (types External and Object, AverageValue)."""
    if current > 0 and tolerance.holds(usage / (target * current)):
        return current
    return min(math.ceil(usage / target), MAX_INT32)


def _replicas(
    metrics: PodMetrics, ratio: Ratio, *, at_target: int, current: int, tolerance: Tolerance
) -> int | None:
    """Compute with `at_target`, what the missing pods together would use at the target."""
    if metrics.measured.count == 0:
        return None
    first = ratio(metrics.usage, metrics.measured)
    unready_matter = metrics.unready.count > 0 and first > 1.0
    if not unready_matter and metrics.missing.count == 0:
        if tolerance.holds(first):
            return current
        return math.ceil(first * metrics.measured.count)

    usage, counted = metrics.usage, metrics.measured
    if first != 1.0:
        usage += at_target if first < 1.0 else 0
        counted = _together(counted, metrics.missing)
    if unready_matter:
        counted = _together(counted, metrics.unready)
    second = ratio(usage, counted)
    if tolerance.holds(second) or (first - 1.0) * (second - 1.0) < 0:
        return current
    proposed = math.ceil(second * counted.count)
    if (second < 1.0 and proposed > current) or (second > 1.0 and proposed < current):
        return current
    return proposed


def _together(left: Pods, right: Pods) -> Pods:
    return Pods(left.count + right.count, left.requests + right.requests)
