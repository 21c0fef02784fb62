"""One SFU server: what it carries and costs, and where it is counted."""

from typing import Annotated

from pydantic import Field

from autoscaler.capacity.measured import Figures
from autoscaler.resources.common import ObjectReference, Part
from autoscaler.resources.scalars import (
    LabelKey,
    LabelValue,
    Money,
    PositiveMbps,
    PositiveParticipants,
    Seconds,
)


class PodSelector(Part):
    """The pool's pods. Never all of the namespace: they may be deleted."""

    match_labels: Annotated[dict[LabelKey, LabelValue], Field(min_length=1, max_length=16)]
    """Labels by equality."""


class Server(Part):
    """One SFU server: what it carries and costs. A cold start, until it was measured."""

    selector: PodSelector | None = None
    """The pool's pods; listed only while releasing."""
    workload: ObjectReference | None = None
    """What counts the servers that exist in its status.replicas; by default the target, or what an
    HPA scales."""
    termination_grace_period_seconds: Seconds = 14400
    """Longest meeting to wait for, in seconds; a shorter one on the pods is a warning."""
    participants: PositiveParticipants
    """Participants that one server carries."""
    egress_mbps: PositiveMbps | None = None
    """Mbit/s that one server sends at most."""
    packets_per_second: Annotated[int, Field(strict=True, ge=1, le=1_000_000_000)] | None = None
    """Packets a second that one server sends at most."""
    cores: Annotated[int, Field(strict=True, ge=1, le=4096)] | None = None
    """vCPU of one server; they bind once it was measured what a participant takes of them."""
    figures: Figures = Figures.CAUTIOUS
    """Declared: as written here. Cautious: measured ones where they say that a server holds less.
    Measured: also where more, up to what one was seen to carry, and twice participants."""
    hourly_cost: Money | None = None
    """What one server costs an hour, in cost.currency."""
