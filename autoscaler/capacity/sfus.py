"""What SFUs take of a vCPU by published figures: a cold start, until one's own are measured."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from autoscaler.capacity.media import Load
from forecast.arrays import FloatArray


class Sfu(StrEnum):
    """The SFUs of which something is published."""

    LIVEKIT = "LiveKit"
    JVB = "JVB"
    MEDIASOUP = "Mediasoup"
    JANUS = "Janus"
    BIGBLUEBUTTON = "BigBlueButton"


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What one vCPU carries, of one thing alone; the costs add up. Infinite: it costs nothing."""

    packets_in: float = math.inf
    packets_out: float = math.inf
    mbps_out: float = math.inf
    streams_out: float = math.inf
    participants: float = math.inf
    """Participants that one vCPU carries in any case; never added to the others."""
    room_per_server: float = math.inf
    """Participants of one room on one server; a larger room cascades."""
    cascades: bool = False
    source: str


COSTS: Mapping[Sfu, Costs] = MappingProxyType(
    {
        # Three rows, three unknowns, no degree of freedom left: audio 10 to 3,000 (959,156 pps out,
        # 80 % of 16 vCPU), meeting of 150 (51,068 in, 762,749 out, 85 %), 1 to 3,000 (531 MB/s in
        # 560,962 pps, 92 %).
        Sfu.LIVEKIT: Costs(
            packets_in=21_400.0,
            packets_out=77_000.0,
            mbps_out=573.0,
            source="docs.livekit.io, benchmarks on c2-standard-16, solved for three unknowns",
        ),
        # 36 conferences of 5 took 2.14 vCPU at 9.5 MB/s; planned with are 100 participants on 4.
        Sfu.JVB: Costs(
            mbps_out=36.0,
            participants=25.0,
            room_per_server=80.0,
            cascades=True,
            source="openfun/jitsi-k8s load tests of 2022; max-bridge-participants of jicofo",
        ),
        Sfu.MEDIASOUP: Costs(
            streams_out=500.0,
            source="mediasoup.org, scalability: about 500 consumers on a worker of one core",
        ),
        Sfu.JANUS: Costs(
            mbps_out=36.0,
            source="borrowed from the JVB (openfun/jitsi-k8s, 2022): nobody published what Janus"
            " takes of a CPU that could be checked",
        ),
        Sfu.BIGBLUEBUTTON: Costs(
            participants=25.0,
            source="docs.bigbluebutton.org: about 200 users on the minimum of 8 cores",
        ),
    }
)


def cores_for(costs: Costs, load: Load, sizes: FloatArray) -> FloatArray:
    """Return the vCPU that rooms of `sizes` participants with this load take, elementwise."""
    cores: FloatArray = (
        load.packets_in / costs.packets_in
        + load.packets_out / costs.packets_out
        + load.mbps_out / costs.mbps_out
        + load.streams_out / costs.streams_out
    )
    least: FloatArray = sizes / costs.participants
    return cores.clip(min=least)
