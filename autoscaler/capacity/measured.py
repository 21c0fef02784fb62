"""What was measured of a pool's servers, and how much of it may be planned with. Pure.

Whatever metrics say, one server is planned for no less than half of what its owner declared, and
for no more than that unless the owner asked for it: a lie costs at most twice the servers, and
overloads none.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from autoscaler.capacity.rating import rate
from autoscaler.capacity.shape import MediaMix, ServerShape

LEAST_SHARE = 0.5
"""Of the participants declared, planned on one server however dear they were measured."""
MOST_SHARE = 2.0
"""Of the participants declared, planned on one server however cheap they were measured."""
MOVE = 2.0
"""By how much one fit may change a figure that was measured before."""
USABLE_CORES = 0.8
"""Of a server's vCPU; above it JVBs count as overloaded (stress-threshold of jicofo), and LiveKit's
sample configuration refuses from 0.7 on."""


class Figures(StrEnum):
    """Whose figures of a server are planned with."""

    DECLARED = "Declared"
    CAUTIOUS = "Cautious"
    """Measured ones where they say that a server holds fewer participants."""
    MEASURED = "Measured"
    """Measured ones, up to what one server was seen to carry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What one participant asks of one resource, in that resource's unit.

    `value` as fitted, and the half-width of its 90 % interval as a share of it; `planned` at the
    dear end of that, moved from the figure before by no more than `MOVE`. Of samples in
    [`start`, `end`], epoch seconds.
    """

    value: float
    within: float
    planned: float
    start: int
    end: int
    samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """A pool's rooms: participants of one on average and in the largest, and how many at once."""

    mean_size: float
    largest: float
    at_once: float
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What is known of one pool's servers since it replaced the cold start at `since`.

    `idle_cores` are taken before anybody comes, `fullest` are the most participants that one server
    was seen to carry.
    """

    since: int
    egress: Figure | None = None
    packets: Figure | None = None
    cores: Figure | None = None
    idle_cores: float = 0.0
    fullest: float = 0.0
    rooms: Rooms | None = None

    @property
    def figures(self) -> Mapping[str, Figure]:
        """The figures that are known, by the field of the server that they are divided into."""
        named = {
            "egressMbps": self.egress,
            "packetsPerSecond": self.packets,
            "cores": self.cores,
        }
        return {name: figure for name, figure in named.items() if figure is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What is planned with: a server, and what a participant asks of it."""

    server: ServerShape
    mix: MediaMix


def planned(
    server: ServerShape, measured: Measured | None, *, figures: Figures, cascades: bool
) -> Planned:
    """Return what is planned with: the server as declared where nothing was measured.

    A figure of something that the server does not declare is divided into nothing and left out.
    Rooms that `cascades` leave no tail on a server.
    """
    if measured is None or figures is Figures.DECLARED:
        return Planned(server=server, mix=MediaMix())
    least = LEAST_SHARE * server.participants
    offered = _offered(server, measured)
    asked = {
        name: min(figure.planned, offered[name] / least)
        for name, figure in measured.figures.items()
        if offered[name] > 0.0
    }
    shape = replace(server, cores=offered["cores"])
    declared = {name for name, most in offered.items() if most > 0.0}
    if figures is Figures.MEASURED and declared and asked.keys() == declared:
        shape = replace(shape, participants=_most(server, measured))
    mix = MediaMix(
        egress_mbps=asked.get("egressMbps", 0.0),
        packets_per_second=asked.get("packetsPerSecond", 0.0),
        cores=asked.get("cores", 0.0),
        measured_within=max((measured.figures[name].within for name in asked), default=None),
    )
    if measured.rooms is not None and not cascades:
        tail = max(rate(shape, mix).full - least, 0.0)
        mix = replace(mix, largest_room=min(measured.rooms.largest, tail))
    return Planned(server=shape, mix=mix)


def moved(value: float, before: Figure | None) -> float:
    """Return the figure to plan with, for one that was just measured."""
    if before is None or not before.planned > 0.0:
        return value
    return min(max(value, before.planned / MOVE), before.planned * MOVE)


def _offered(server: ServerShape, measured: Measured) -> Mapping[str, float]:
    cores = server.cores
    if measured.cores is not None:
        # A figure is what one more participant asks: what a server takes without any comes off.
        cores = max(USABLE_CORES * cores - measured.idle_cores, cores / 2.0)
    return {
        "egressMbps": server.egress_mbps,
        "packetsPerSecond": server.packets_per_second,
        "cores": cores,
    }


def _most(server: ServerShape, measured: Measured) -> float:
    """Return the most to plan on one server: never more than one was seen to carry."""
    seen = measured.fullest if math.isfinite(measured.fullest) else 0.0
    return min(max(server.participants, seen), MOST_SHARE * server.participants)
