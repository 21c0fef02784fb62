"""Whether demand can be trusted, and what it says of the pool."""

import math
from collections.abc import Mapping

from autoscaler.engine.observation import Demand, DemandState, PoolObservation
from autoscaler.planner.require import Sight

_ROOM_LEFT = 0.8
"""With less of the serving servers full than this, refusals are not for want of servers."""


def participants_seen(demand: Demand) -> float | None:
    """Return demand that a decision may rest on; None is blindness. Unknown is not zero."""
    participants = demand.participants
    if participants is None or not demand.state.trusted:
        return None
    if not math.isfinite(participants) or participants < 0.0:
        return None
    return participants


def sight(
    observed: PoolObservation, seen: Mapping[str, float | None], *, full: float
) -> Sight | None:
    """Return what demand says of a pool; None is blindness.

    `seen` are the participants of every pool (None: blind), `full` what one server is rated for.
    """
    demand, settings = observed.demand, observed.settings
    participants = seen[settings.name]
    if participants is None:
        return None
    censored = demand.state is DemandState.CENSORED
    refused = demand.refused if math.isfinite(demand.refused) else 0.0
    room = _ROOM_LEFT * observed.inventory.ready * full
    guests = 0.0
    for other in settings.reserve.failover:
        guests = max(guests, (seen.get(other.pool) or 0.0) * other.share)
    return Sight(
        participants=participants,
        censored=censored,
        refused=refused,
        relieved=censored and refused > 0.0 and participants < room,
        guests=guests,
    )
