"""Lead times as a pool lives: orders, servers that began to serve, and the estimate."""

from dataclasses import dataclass, replace

from autoscaler.leadtime.estimate import KEPT_STARTS, estimate, prior
from autoscaler.leadtime.orders import Start, match, settle
from autoscaler.leadtime.values import LeadTime, Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracker:
    """What is remembered of one pool's orders; `ready` servers served at the last look."""

    ready: int
    orders: tuple[Order, ...]
    starts: tuple[Start, ...]
    samples: int
    prior_seconds: float
    lead_time: LeadTime

    @classmethod
    def begin(cls, *, ready: int, prior_seconds: float) -> "Tracker":
        """Begin with nothing measured."""
        return cls(
            ready=ready,
            orders=(),
            starts=(),
            samples=0,
            prior_seconds=prior_seconds,
            lead_time=prior(prior_seconds),
        )

    def looked(self, *, ready: int, prior_seconds: float, now: int) -> "Tracker":
        """Take in how many servers serve now; returns itself where that says nothing new."""
        orders, starts, samples = self.orders, self.starts, self.samples
        if ready > self.ready and orders:
            orders, begun = match(orders, started=ready - self.ready, now=now)
            starts = (*starts, *begun)[-KEPT_STARTS:]
            samples += sum(start.servers for start in begun)
        # Orders younger than the median are where they should be: they do not change the estimate
        # yet.
        overdue = bool(orders) and now - orders[0].placed_at > self.lead_time.p50_seconds
        if samples == self.samples and not overdue and prior_seconds == self.prior_seconds:
            return self if ready == self.ready else replace(self, ready=ready)
        return Tracker(
            ready=ready,
            orders=orders,
            starts=starts,
            samples=samples,
            prior_seconds=prior_seconds,
            lead_time=estimate(
                starts, orders, samples=samples, prior_seconds=prior_seconds, now=now
            ),
        )

    def asked(self, *, missing: int, now: int) -> "Tracker":
        """Take in that `missing` servers are asked for and do not serve."""
        orders = settle(self.orders, missing=missing, now=now)
        return self if orders is self.orders else replace(self, orders=orders)
