"""jitsi-autoscaler: fixed steps on mean stress, one at a time, each followed by a grace period.

src/autoscaler.ts at c302ef1 (June 2026): up by a fixed quantity only if all of the last two
periods are at or above the threshold, down only if all of the last ten are below; nothing unless
the launcher has finished (actual = desired), and nothing for `gracePeriodTTLSec` after a change. A
period without metrics is NaN, with which nothing is done. Thresholds, counts and grace are those of
infra-provisioning's create-jvb-pool.sh. Its pools are of up to eight bridges and change by one;
larger ones here change by the same share.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from autoscaler.capacity.rating import rate
from autoscaler.planner.settings import PoolSettings
from simulations.policy import Orders, PolicyView, Removal, WorldFacts

PERIOD_SECONDS = 60
UP_PERIODS = 2
DOWN_PERIODS = 10
GRACE_SECONDS = 600
DOWN_TO_UP = 1 / 3
"""scaleDownThreshold 0.1 under scaleUpThreshold 0.3."""
_USUAL_POOL = 8

Wants = Callable[[float, int], bool]
"""Whether a period's stress asks for a change of the count."""


@dataclass(slots=True, kw_only=True)
class Group:
    """One instance group; stress is 0 for idle and 1 for as full as rated."""

    least: int
    most: int
    quantity: int
    up: float
    down: float
    periods: list[float] = field(default_factory=list)
    """Mean stress by period, the latest first."""
    not_before: int = 0

    def step(self, *, count: int, pending: int, now: int) -> int:
        """Return the desired count."""
        if now < self.not_before or pending or not self.periods:
            return count
        desired = count
        if self._all(self.periods[:UP_PERIODS], self._wants_more, count):
            desired = min(count + self.quantity, self.most)
        elif self._all(self.periods[:DOWN_PERIODS], self._wants_fewer, count):
            desired = max(count - self.quantity, self.least)
        else:
            return count
        self.not_before = now + GRACE_SECONDS
        return desired

    def _wants_more(self, stress: float, count: int) -> bool:
        return (count < self.most and stress >= self.up) or count < self.least

    def _wants_fewer(self, stress: float, count: int) -> bool:
        return count > self.least and stress < self.down

    @staticmethod
    def _all(periods: Sequence[float], wants: Wants, count: int) -> bool:
        return all(wants(stress, count) for stress in periods)


@dataclass(slots=True)
class Jitsi:
    """The policy; `up` is scaleUpThreshold. It drains the least occupied and kills nobody."""

    up: float = 0.3
    name: str = "jitsi-autoscaler"
    period_seconds: int = 30
    removal: Removal = Removal.EMPTY
    _groups: tuple[Group, ...] = field(default=(), init=False)
    _ratings: tuple[float, ...] = field(default=(), init=False)
    _samples: list[list[float]] = field(default_factory=list, init=False)
    _period: int = field(default=-1, init=False)

    def reset(self, facts: WorldFacts) -> None:
        """Begin with no metrics and no grace."""
        self._groups = tuple(
            self._group(pool, size)
            for pool, size in zip(facts.pools, facts.initial_sizes, strict=True)
        )
        self._ratings = tuple(rate(pool.server, pool.mix).full for pool in facts.pools)
        self._samples = [[] for _ in facts.pools]
        self._period = facts.start // PERIOD_SECONDS

    def decide(self, view: PolicyView) -> Orders:
        """Run the group jobs."""
        if view.now // PERIOD_SECONDS != self._period:
            self._period = view.now // PERIOD_SECONDS
            self._close_period()
        for seen, rating, samples in zip(view.pools, self._ratings, self._samples, strict=True):
            if seen.participants is not None:
                samples.append(seen.participants / rating)
        return Orders.of(
            group.step(count=seen.size, pending=seen.pending, now=view.now)
            for group, seen in zip(self._groups, view.pools, strict=True)
        )

    def _close_period(self) -> None:
        for group, samples in zip(self._groups, self._samples, strict=True):
            stress = sum(samples) / len(samples) if samples else float("nan")
            group.periods = [stress, *group.periods[: DOWN_PERIODS - 1]]
            samples.clear()

    def _group(self, pool: PoolSettings, size: int) -> Group:
        return Group(
            least=pool.limits.min_servers,
            most=pool.limits.max_servers,
            quantity=-(-size // _USUAL_POOL),
            up=self.up,
            down=self.up * DOWN_TO_UP,
        )
