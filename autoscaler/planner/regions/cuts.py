"""What any provision must hold: groups of people, and the regions that may serve them.

At one tick, people can be spread over the regions that may serve them if and only if every group
of home regions finds enough capacity in all the regions that may serve any of the group (Gale 1957:
a flow is as large as its least cut). Capacity does not change with time, so of each group only its
highest tick can bind, and who is served where is not part of the question any more: ticks and flows
leave the programme, and it stays exact.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from autoscaler.planner.envelope import FloatArray
from autoscaler.planner.regions.values import Demands

_NEARLY = 1.0 - 1e-9
"""How floats add up."""


class Cut(NamedTuple):
    """A group of home regions that asks for `demand` at its highest tick, `lost` being away."""

    lost: int | None
    homes: tuple[int, ...]
    serving: tuple[int, ...]
    """The regions that together must hold it."""
    demand: float


def cuts(demands: Demands) -> list[Cut]:
    """Return what binds, with none and with each region lost: the largest for each serving set.

    A lost region's people count where somebody else may serve them.
    """
    count = len(demands.regions)
    reach = [_mask(np.flatnonzero(row).tolist()) for row in demands.reach]
    uncovered = _mask(demands.uncovered)
    largest: dict[int, Cut] = {}
    for homes in range(1, 1 << count):
        members = _members(homes)
        peak = float(demands.paths[:, members].sum(axis=1).max())
        may_serve = 0
        for home in members:
            may_serve |= reach[home]
        for lost in (None, *range(count)):
            gone = 0 if lost is None else 1 << lost
            if homes & gone & uncovered:
                continue
            serving = may_serve & ~gone
            if serving not in largest or largest[serving].demand < peak:
                largest[serving] = Cut(lost, members, _members(serving), peak)
    return list(largest.values())


def holds(capacity: FloatArray, wanted: Sequence[Cut]) -> bool:
    """Whether `capacity` (participants by region) is enough for every cut."""
    return all(capacity[list(cut.serving)].sum() >= cut.demand * _NEARLY for cut in wanted)


def _mask(members: Sequence[int]) -> int:
    return sum(1 << each for each in members)


def _members(mask: int) -> tuple[int, ...]:
    return tuple(each for each in range(mask.bit_length()) if mask >> each & 1)
