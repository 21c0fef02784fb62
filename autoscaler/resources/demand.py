"""Where a pool's demand is read."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from autoscaler.resources.common import Part
from autoscaler.resources.rules import rule
from autoscaler.resources.scalars import (
    PositivePercent,
    PositiveSeconds,
    PrometheusLabel,
    PromQL,
    ShortText,
)


class Preset(StrEnum):
    """The SFUs whose metrics are known by name."""

    LIVEKIT = "LiveKit"
    JVB = "JVB"
    JICOFO = "Jicofo"
    BIGBLUEBUTTON = "BigBlueButton"
    MEDIASOUP = "Mediasoup"
    JANUS = "Janus"


class BookingsQuery(Part):
    """Where Prometheus tells how many participants have booked."""

    query: PromQL
    """PromQL that gives one series: participants booked for knownAheadSeconds from then."""
    known_ahead_seconds: PositiveSeconds
    """How far ahead the query looks, in seconds."""


class DemandQuery(Part):
    """Where Prometheus tells how many participants want to be in meetings."""

    preset: Preset | None = None
    """The SFU whose own metrics are read; pools of one preset share one query."""
    match_labels: Annotated[dict[PrometheusLabel, ShortText], Field(max_length=16)] = Field(
        default_factory=dict
    )
    """Labels of this pool's series, by equality."""
    query: PromQL | None = None
    """PromQL that gives one series: participants of this pool."""
    bookings: BookingsQuery | None = None
    """Scheduled meetings, which inform the forecast."""
    stale_after_seconds: PositiveSeconds = 60
    """A newest sample older than this is blindness, in seconds."""
    min_targets_percent: PositivePercent = 90
    """Fewer live scrape targets than this share of the known ones is blindness."""

    @rule(
        "has(self.preset) != has(self.query)",
        message="exactly one of preset and query must be set",
        field="preset",
        reason="FieldValueRequired",
    )
    def _has_one_source(self) -> bool:
        return (self.preset is None) != (self.query is None)

    @rule(
        "!has(self.preset) || (has(self.matchLabels) && size(self.matchLabels) > 0)",
        message="preset needs matchLabels, or every pool would read the same demand",
        field="matchLabels",
        reason="FieldValueRequired",
    )
    def _preset_is_narrowed(self) -> bool:
        return self.preset is None or bool(self.match_labels)

    @rule(
        "!has(self.query) || !has(self.matchLabels) || size(self.matchLabels) == 0",
        message="matchLabels goes with preset: a query selects its series itself",
        field="matchLabels",
        reason="FieldValueForbidden",
    )
    def _query_stands_alone(self) -> bool:
        return self.query is None or not self.match_labels
