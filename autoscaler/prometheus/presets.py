"""What each SFU exports, as PromQL templates.

`$pool` stands for the label matchers of the pools, `$at` for an offset or nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from autoscaler.resources.demand import Preset


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Where one SFU tells what; None where it does not."""

    participants: str
    """A bare selector of gauges: participants in meetings."""
    valid: str | None = None
    """Holds for the targets whose numbers mean something."""
    rooms: str | None = None
    """Meetings per target."""
    targets_are_servers: bool = True
    """Whether each target is one SFU server, so that one without rooms is an empty server."""
    egress: str | None = None
    """Bits per second sent."""
    joins: str | None = None
    """A bare selector of counters: participants who came in."""
    refused: str | None = None
    """A bare selector of counters: participants who were turned away."""

    @property
    def name(self) -> str:
        """The metric that a person would look for."""
        return self.participants.partition("{")[0]


METRICS: Mapping[Preset, Metrics] = MappingProxyType(
    {
        # pkg/telemetry/prometheus of livekit/livekit. Gauges, in spite of their `_total`.
        Preset.LIVEKIT: Metrics(
            participants="livekit_participant_total{$pool}",
            rooms="livekit_room_total{$pool}$at",
            egress='8 * rate(livekit_packet_bytes{direction="outgoing",$pool}[2m]$at)',
            joins='livekit_participant_join_total{state="rtc_active",$pool}',
            refused='livekit_participant_join_total{state="signal_failed",$pool}',
        ),
        # The bridge's own /metrics; `current_endpoints` would count relayed ones at each bridge.
        # A bridge that shuts down is no empty server: it takes no new meetings.
        Preset.JVB: Metrics(
            participants="jitsi_jvb_local_endpoints{$pool}",
            rooms="(jitsi_jvb_conferences{$pool}$at"
            " unless on (job, instance) jitsi_jvb_graceful_shutdown{$pool}$at == 1)",
            egress='{__name__=~"jitsi_jvb_(relay_)?outgoing_bitrate",$pool}$at',
            joins="jitsi_jvb_endpoints_total{$pool}",
        ),
        # One focus per shard sees every participant of it, whichever bridges come and go.
        Preset.JICOFO: Metrics(
            participants="jitsi_jicofo_participants_current{$pool}",
            rooms="jitsi_jicofo_conferences{$pool}$at",
            targets_are_servers=False,
        ),
        # greenstatic/bigbluebutton-exporter: it tells 0 while BigBlueButton's API is down.
        Preset.BIGBLUEBUTTON: Metrics(
            participants="bbb_meetings_participants{$pool}",
            valid="bbb_api_up{$pool} == 1",
            rooms="bbb_meetings{$pool}$at",
        ),
        # mediasoup exports nothing itself: this is bbb-webrtc-sfu's mcs-core.
        Preset.MEDIASOUP: Metrics(
            participants="mcs_users{$pool}",
            rooms="mcs_rooms{$pool}$at",
        ),
        # Nor does Janus: this is the signaling server before it, nextcloud-spreed-signaling.
        Preset.JANUS: Metrics(
            participants="signaling_call_sessions{$pool}",
            rooms="signaling_hub_rooms{$pool}$at",
            targets_are_servers=False,
            egress='8 * signaling_mcu_bandwidth{direction="outgoing",$pool}$at',
            refused="signaling_mcu_no_backend_available_total{$pool}",
        ),
    }
)
