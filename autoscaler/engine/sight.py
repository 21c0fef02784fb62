"""Whether demand can be trusted, and what it says of the pool."""

import math

from autoscaler.engine.observation import Demand, DemandState
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


def sight(demand: Demand, *, ready: int, per_server: float) -> Sight | None:
    """Return what demand says of a pool whose `ready` servers hold `per_server` participants each."""
    participants = participants_seen(demand)
    if participants is None:
        return None
    censored = demand.state is DemandState.CENSORED
    refused = demand.refused if math.isfinite(demand.refused) else 0.0
    relieved = censored and refused > 0.0 and participants < _ROOM_LEFT * ready * per_server
    return Sight(participants=participants, censored=censored, refused=refused, relieved=relieved)
