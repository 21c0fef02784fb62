"""How long a link's tiers really take: from ordering to what is bought, measured."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from autoscaler.leadtime.estimate import PRIOR_P95_OVER_P50, estimate
from autoscaler.leadtime.orders import Start
from autoscaler.leadtime.values import Order
from autoscaler.planner.settings import LinkSettings

_PRIOR_SAMPLES = 5
"""Bandwidth is ordered rarely: what was promised must not outlive a handful of deliveries."""
_KEPT = 20
_REMEMBERED = 256
"""Links whose tiers are worked out once."""


class Awaited(NamedTuple):
    """A total that was ordered and is not there yet."""

    placed_at: int
    to_mbps: float


class Delivered(NamedTuple):
    """A total that was delivered, `seconds` after it was ordered."""

    to_mbps: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What a link waits for, by size, and what earlier orders took, the newest last."""

    awaited: tuple[Awaited, ...] = ()
    done: tuple[Delivered, ...] = ()

    def looked(self, *, ordered: float, delivered: float, now: int) -> "Deliveries":
        """Take in what is ordered and what is there; an approval that lapsed is waited for no more.

        Returns itself where nothing is new.
        """
        arrived = [each for each in self.awaited if each.to_mbps <= delivered]
        awaited = [each for each in self.awaited if delivered < each.to_mbps <= ordered]
        if ordered > max([delivered, *[each.to_mbps for each in awaited]]):
            awaited.append(Awaited(now, ordered))
        if tuple(awaited) == self.awaited:
            return self
        took = [Delivered(each.to_mbps, float(max(1, now - each.placed_at))) for each in arrived]
        return Deliveries(tuple(awaited), (*self.done, *took)[-_KEPT:])

    def measured(self, settings: LinkSettings, *, now: int) -> LinkSettings:
        """Return a link's settings, its tiers with the P95 of what they take as far as measured.

        What was promised is the P95 to begin with; an order that is late lengthens it while it is
        waited for. A larger tier is never quicker than a smaller one.
        """
        # Nothing waits for longer than was promised, mostly: then every tick finds the same.
        quickest = min([tier.lead_time_seconds for tier in settings.tiers], default=0)
        overdue = tuple([each for each in self.awaited if now - each.placed_at > quickest])
        return _measured(settings, self.done, overdue, now if overdue else 0)


@lru_cache(maxsize=_REMEMBERED)
def _measured(
    settings: LinkSettings, done: tuple[Delivered, ...], overdue: tuple[Awaited, ...], now: int
) -> LinkSettings:
    below, longest, found = 0.0, 0, []
    for tier in settings.tiers:
        starts = [
            Start(each.seconds, 1) for each in done if below < each.to_mbps <= tier.up_to_mbps
        ]
        waiting = [
            Order(each.placed_at, 1) for each in overdue if below < each.to_mbps <= tier.up_to_mbps
        ]
        seconds = tier.lead_time_seconds
        if starts or waiting:
            seconds = _p95(starts, waiting, promised=seconds, now=now)
        longest = max(longest, seconds)
        found.append(replace(tier, lead_time_seconds=longest))
        below = tier.up_to_mbps
    return replace(settings, tiers=tuple(found))


def _p95(starts: Sequence[Start], waiting: Sequence[Order], *, promised: int, now: int) -> int:
    late = [order for order in waiting if now - order.placed_at > promised]
    measured = estimate(
        starts,
        late,
        samples=len(starts),
        prior_seconds=promised / PRIOR_P95_OVER_P50,
        now=now,
        prior_samples=_PRIOR_SAMPLES,
    )
    return round(measured.p95_seconds)
