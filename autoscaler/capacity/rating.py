"""How many participants one server holds, and which resource says so."""

from dataclasses import dataclass
from enum import StrEnum

from autoscaler.capacity.shape import MediaMix, ServerShape


class Resource(StrEnum):
    """What a server runs out of first."""

    PARTICIPANTS = "participants"
    EGRESS = "egressMbps"
    PACKETS = "packetsPerSecond"
    CORES = "cores"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What one server holds of a given media mix, in participants.

    `full` is the rated load of the binding resource; `per_server` what may be planned on it, once
    the tail that the largest room leaves unusable is taken off.
    """

    full: float
    per_server: float
    binding: Resource


def rate(server: ServerShape, mix: MediaMix) -> Rating:
    """Rate a server by the dearest of participants, Mbit/s out, packets/s out and vCPU.

    A demand of zero in the mix is not known and never binds. A room lives on one node, so a node
    can be left with a tail in which the next room does not fit: at most the largest room (first fit
    fills all nodes but one above `full - largest_room`), and never more than half of it (any two
    nodes that first fit opened hold more than one node's worth together).
    """
    full, binding = server.participants, Resource.PARTICIPANTS
    for asked, offered, resource in (
        (mix.egress_mbps, server.egress_mbps, Resource.EGRESS),
        (mix.packets_per_second, server.packets_per_second, Resource.PACKETS),
        (mix.cores, server.cores, Resource.CORES),
    ):
        if asked > 0.0 and offered > 0.0 and offered / asked < full:
            full, binding = offered / asked, resource
    tail = min(max(mix.largest_room, 0.0), full / 2.0)
    return Rating(full=full, per_server=full - tail, binding=binding)
