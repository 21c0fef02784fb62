"""Which order a server that began to serve belonged to: first ordered, first served."""

from collections.abc import Iterable
from typing import NamedTuple

from autoscaler.leadtime.values import Order


class Start(NamedTuple):
    """Servers that began to serve together, `seconds` after they were ordered.

    `queue` is the one that their order stood in.
    """

    seconds: float
    servers: int
    queue: int = 1


def match(
    orders: tuple[Order, ...], *, started: int, now: int
) -> tuple[tuple[Order, ...], tuple[Start, ...]]:
    """Give `started` servers to the oldest orders; return the orders still waiting, and the starts.

    Servers beyond what was ordered are nobody's: they say nothing about the lead time.
    """
    waiting = list(orders)
    starts = []
    while started > 0 and waiting:
        oldest = waiting[0]
        served = min(started, oldest.servers)
        starts.append(Start(max(1.0, float(now - oldest.placed_at)), served, oldest.queue))
        started -= served
        if served == oldest.servers:
            del waiting[0]
        else:
            waiting[0] = oldest._replace(servers=oldest.servers - served)
    return tuple(waiting), tuple(starts)


def outstanding(orders: Iterable[Order]) -> int:
    """Return the servers that were ordered and do not serve yet."""
    return sum([order.servers for order in orders])


def settle(orders: tuple[Order, ...], *, missing: int, now: int) -> tuple[Order, ...]:
    """Make the orders agree with `missing` servers (asked for and not serving).

    More missing than ordered is a new order, placed now: a raised floor, or a server that died and
    is replaced. Fewer are orders taken back, the newest first.
    """
    surplus = outstanding(orders) - missing
    if surplus == 0:
        return orders
    if surplus < 0:
        return (*orders, Order(now, -surplus, queue=missing))
    kept = list(orders)
    while surplus > 0:
        newest = kept.pop()
        if newest.servers > surplus:
            kept.append(newest._replace(servers=newest.servers - surplus))
        surplus -= newest.servers
    return tuple(kept)
