"""The values that cross rings: orders as they were placed, and the estimate made from them."""

from dataclasses import dataclass
from typing import NamedTuple

_FARTHEST = 2.0
"""A batch this many times the largest one measured is as far as a slope is believed."""


class Order(NamedTuple):
    """Servers asked for at one moment that do not all serve yet.

    `queue` are all servers that were waited for once it was placed, itself included.
    """

    placed_at: int
    servers: int
    queue: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTime:
    """Order to serving, seconds; `samples` are measured starts, under 20 the prior weighs too.

    The quantiles are those of a `typical` queue; each server more (less) in it makes them
    `per_server` seconds longer (shorter). Up to the `largest` queue measured they stay between the
    `shortest` and the `longest` start, and past twice the largest nothing is extrapolated.
    """

    p50_seconds: float
    p95_seconds: float
    samples: int
    per_server: float = 0.0
    typical: float = 1.0
    largest: int = 1
    shortest: float = 1.0
    longest: float = 1.0

    def p95_for(self, batch: int) -> float:
        """Return the P95 of the last of `batch` servers that are waited for together."""
        if self.per_server <= 0.0:
            return self.p95_seconds
        queued = min(float(max(batch, 1)), _FARTHEST * self.largest)
        seconds = self.p95_seconds + self.per_server * (queued - self.typical)
        beyond = self.per_server * max(0.0, queued - self.largest)
        least = min(self.shortest, self.p95_seconds)
        most = max(self.longest, self.p95_seconds) + beyond
        return min(max(least, seconds), most)
