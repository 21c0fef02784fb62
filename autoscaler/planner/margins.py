"""What each margin between the median's demand and the need costs, one stacked on the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from autoscaler.capacity.rating import Rating
from autoscaler.capacity.servers import servers_for_one
from autoscaler.planner.reasons import Reason, ReasonCode

ASKING = frozenset(
    {
        ReasonCode.REACTIVE_NEED,
        ReasonCode.CENSORED_DEMAND,
        ReasonCode.GROWTH_HEADROOM,
        ReasonCode.EVENT_FLOOR,
        ReasonCode.FORECAST_NEED,
        ReasonCode.LAST_TRUSTED_FORECAST,
    }
)
"""Reasons that ask for servers: their inputs name the participants."""


@dataclass(frozen=True, slots=True)
class Margin:
    """Servers that one margin adds (part of one counts), and the money for them an hour."""

    name: str
    servers: float
    hourly: float


def margins(
    reasons: Sequence[Reason], *, need: int, rating: Rating, hourly_cost: float
) -> tuple[Margin, ...]:
    """Return what lies between the `need` and servers that the median alone would fill, in order.

    The median is the forecast's for the moment that set the need; where demand itself, growth or
    the calendar set it, what is observed stands for it. `quantile` and `headroom` are participants
    above it, `failover` guests, `packing` tails that no room fits into, `rounding` the last server,
    `ramp` what can still be added in time (negative), `zones` the reserve. They sum to `need` less
    median / full, and those that add nothing are left out.
    """
    asked = [each for each in reasons if each.code in ASKING and each.after > each.before]
    if not asked:
        return ()
    winner = asked[-1]
    participants, guests = _number(winner, "participants"), _number(winner, "guests")
    median = _median(asked)
    above = "quantile" if "median" in winner.inputs else "headroom"
    exact = (participants + guests) / rating.per_server
    whole = servers_for_one(participants + guests, rating.per_server)
    stacked = {
        above: (participants - median) / rating.full,
        "failover": guests / rating.full,
        "packing": exact - (participants + guests) / rating.full,
        "rounding": whole - exact,
        "ramp": winner.after - whole,
        "zones": need - winner.after,
    }
    return tuple(
        Margin(name, servers, servers * hourly_cost) for name, servers in stacked.items() if servers
    )


def _median(asked: Sequence[Reason]) -> float:
    winner, first = asked[-1], asked[0]
    if "median" in winner.inputs:
        return _number(winner, "median")
    return _number(first if first.code is ReasonCode.REACTIVE_NEED else winner, "participants")


def _number(reason: Reason, name: str) -> float:
    value = reason.inputs.get(name, 0.0)
    return float(value)
