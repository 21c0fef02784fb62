"""The values that cross rings: orders as they were placed, and the estimate made from them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """Servers asked for at one moment that do not all serve yet."""

    placed_at: int
    servers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTime:
    """Order to serving, seconds; `samples` are measured starts, under 20 the prior weighs too."""

    p50_seconds: float
    p95_seconds: float
    samples: int
