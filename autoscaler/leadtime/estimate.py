"""The distribution of lead times: starts that were measured, orders that still wait, and a prior.

Orders still waiting are right-censored ("at least this long, not yet arrived"), so the estimate is
the product-limit one, weighted. Starts of one batch share a cause and are one piece of evidence
more than many; recent batches weigh more, so that slow boots show within a few of them. What a
queue adds is taken off first, so that one large batch does not make every small one look slow.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

from autoscaler.leadtime.orders import Start
from autoscaler.leadtime.product_limit import Weighted, quantiles
from autoscaler.leadtime.queueing import Queueing, queueing
from autoscaler.leadtime.values import LeadTime, Order

KEPT_STARTS = 40
"""Older starts weigh less than 0.2 % and are forgotten."""
PRIOR_SAMPLES = 20
_DECAY = 0.85
"""Weight of a batch against the one after it: six or seven batches are remembered."""
_BATCH = 8.0
"""A batch weighs by its servers, up to this many."""
PRIOR_P95_OVER_P50 = 1.5
_PRIOR_POINTS = 10
_LOST_AFTER = 4.0
"""An order that waited this many times the longest lead time known is lost rather than slow."""
_LEAST_SECONDS = 1.0
_REMEMBERED = 1024
"""Pools and tiers whose starts are summed up once: every tick asks, few bring a new start."""

_PRIOR_FACTORS = tuple(
    PRIOR_P95_OVER_P50
    ** (NormalDist().inv_cdf((i + 0.5) / _PRIOR_POINTS) / NormalDist().inv_cdf(0.95))
    for i in range(_PRIOR_POINTS)
)
"""The prior's shape: lognormal, its P95 half as long again as its median."""


def prior(seconds: float) -> LeadTime:
    """Return what is assumed before anything was measured, with a median of `seconds`."""
    typical = max(_LEAST_SECONDS, seconds)
    return LeadTime(
        p50_seconds=typical, p95_seconds=round(typical * PRIOR_P95_OVER_P50, 3), samples=0
    )


def estimate(
    starts: Sequence[Start],
    orders: Sequence[Order],
    *,
    samples: int,
    prior_seconds: float,
    now: int,
    prior_samples: int = PRIOR_SAMPLES,
) -> LeadTime:
    """Estimate P50 and P95 from order to serving, and what each server in the queue adds.

    `starts` are in the order in which they happened, `samples` counts all servers ever measured.
    Under `prior_samples` the prior fills up to them. Never zero, never infinite: what waits past
    every known start counts as arriving now, and past four times the longest as lost.
    """
    if not starts and not orders:
        return prior(prior_seconds)
    known = _sum_up(tuple(starts), samples, prior_seconds, prior_samples)
    queue, lost = known.queue, _LOST_AFTER * known.longest
    waited = _alone([(now - placed_at, queued) for placed_at, _, queued in orders], queue)
    waiting = [
        (min(seconds, lost), _weight(order.servers))
        for seconds, order in zip(waited, orders, strict=True)
    ]
    p50, p95 = quantiles(known.ended, waiting, levels=(0.5, 0.95))
    return LeadTime(
        p50_seconds=round(max(_LEAST_SECONDS, p50), 3),
        p95_seconds=round(max(_LEAST_SECONDS, p95), 3),
        samples=samples,
        per_server=round(queue.per_server, 3),
        typical=round(queue.typical, 3),
        largest=known.largest,
        shortest=known.shortest,
        longest=known.slowest,
    )


class _Known(NamedTuple):
    """What starts and prior say by themselves: `ended` in the typical queue, sorted.

    `shortest` and `slowest` are of the starts, `longest` is the longest of all that ended,
    `largest` the longest queue.
    """

    queue: Queueing
    ended: tuple[Weighted, ...]
    shortest: float
    slowest: float
    longest: float
    largest: int


@lru_cache(maxsize=_REMEMBERED)
def _sum_up(
    starts: tuple[Start, ...], samples: int, prior_seconds: float, prior_samples: int
) -> _Known:
    typical = max(_LEAST_SECONDS, prior_seconds)
    newest = len(starts) - 1
    weights = [
        _weight(servers) * _DECAY ** (newest - i) for i, (_, servers, _) in enumerate(starts)
    ]
    queue = queueing(starts, weights)
    # None was longer than the longest: a slope that mistakes slow boots for queues must not make
    # it so.
    took = [seconds for seconds, _, _ in starts]
    slowest = max(took, default=_LEAST_SECONDS)
    alone = _alone([(seconds, queued) for seconds, _, queued in starts], queue)
    ended = [
        (min(seconds, slowest), weight) for seconds, weight in zip(alone, weights, strict=True)
    ]
    measured = samples if starts else 0
    assumed = max(0.0, 1.0 - measured / prior_samples) * prior_samples / _PRIOR_POINTS
    if assumed > 0.0:
        ended += [(typical * factor, assumed) for factor in _PRIOR_FACTORS]
    ended.sort()
    return _Known(
        queue=queue,
        ended=tuple(ended),
        shortest=min(took, default=_LEAST_SECONDS),
        slowest=slowest,
        longest=ended[-1][0],
        largest=max([queued for _, _, queued in starts], default=1),
    )


def _alone(waits: Iterable[tuple[float, int]], queue: Queueing) -> list[float]:
    """Return the times that waits of so long, in queues of so many, take in the typical one."""
    each, typical = queue.per_server, queue.typical
    return [max(_LEAST_SECONDS, seconds - each * (queued - typical)) for seconds, queued in waits]


def _weight(servers: int) -> float:
    return min(float(servers), _BATCH)
