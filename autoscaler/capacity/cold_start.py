"""What a participant asks of a server before anything was measured."""

from collections.abc import Mapping
from dataclasses import dataclass

from autoscaler.capacity.media import Kind, relayed, room_load
from autoscaler.capacity.packing import largest_room, room_sizes
from autoscaler.capacity.sfus import COSTS, Sfu, cores_for
from autoscaler.capacity.shape import MediaMix


@dataclass(frozen=True, slots=True, kw_only=True)
class Meetings:
    """How a pool's participants meet: shares of them by kind, adding up to 1, and their rooms."""

    shares: Mapping[Kind, float]
    room_size: float
    """Participants of a room on average."""
    rooms: float
    """Rooms at the same time at most."""


def cold_start(sfu: Sfu, meetings: Meetings) -> MediaMix:
    """Return the mix by published figures.

    Only rooms that live on one node leave a tail on it; rooms that cascade pay for relays instead.
    """
    costs = COSTS[sfu]
    sizes, chance = room_sizes(max(meetings.room_size, 1.0))
    mbps, packets, cores = 0.0, 0.0, 0.0
    for kind, share in meetings.shares.items():
        load = room_load(kind, sizes)
        if costs.cascades:
            load = relayed(load, sizes, per_bridge=costs.room_per_server)
        each = share * chance / (chance @ sizes)
        mbps += float(each @ load.mbps_out)
        packets += float(each @ load.packets_out)
        cores += float(each @ cores_for(costs, load, sizes))
    largest = 0.0 if costs.cascades else largest_room(meetings.room_size, meetings.rooms)
    return MediaMix(egress_mbps=mbps, packets_per_second=packets, cores=cores, largest_room=largest)
