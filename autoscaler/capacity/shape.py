"""What one SFU server can carry and what one participant asks of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerShape:
    """One server's rated load; above it meetings degrade before joins are refused.

    Units: participants, Mbit/s out, packets/s out, money per hour, vCPU. Zero: not known.
    """

    participants: float
    egress_mbps: float
    packets_per_second: float
    hourly_cost: float
    cores: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaMix:
    """What one participant asks of a server, on average. Zero: not known, never binding."""

    egress_mbps: float = 0.0
    packets_per_second: float = 0.0
    cores: float = 0.0
    largest_room: float = 0.0
    """Participants of the largest room expected: a room lives on one node, so its tail is lost to
    packing.
    """
    measured_within: float | None = None
    """Half-width of the widest 90 % interval among the figures above, as a share of the figure.
    None: nothing was measured, they are a cold start."""
