"""What each SFU's servers tell about their load, as PromQL templates, and the question for all.

`$pool` stands for label matchers, `$window` for a range, `$target` for the labels of a target. Each
gives one series a target at most.
"""

from collections.abc import Mapping, Sequence
from string import Template
from types import MappingProxyType

import numpy as np

from autoscaler.capacity.samples import Column, Samples
from autoscaler.errors import SpecError
from autoscaler.prometheus.client import PrometheusClient, Row
from autoscaler.prometheus.promql import FACET, union
from autoscaler.resources.demand import Preset

TARGET = ("job", "instance")
MOST = 1e12
"""No server carries more of anything: what says so is no measure."""
_STREAMS = (Column.AUDIO, Column.VIDEO)
"""A counter of streams by kind is not there before the first of its kind."""


def _mean(selector: str, *, times: str = "") -> str:
    return f"sum by ($target) ({times}avg_over_time({selector}[$window]))"


def _rate(selector: str, *, times: str = "") -> str:
    return f"sum by ($target) ({times}rate({selector}[$window]))"


LOADS: Mapping[Preset, Mapping[Column, str]] = MappingProxyType(
    {
        Preset.LIVEKIT: {
            Column.PARTICIPANTS: _mean("livekit_participant_total{$pool}"),
            Column.ROOMS: _mean("livekit_room_total{$pool}"),
            Column.AUDIO: _mean('livekit_track_subscribed_total{kind="AUDIO",$pool}'),
            Column.VIDEO: _mean('livekit_track_subscribed_total{kind="VIDEO",$pool}'),
            Column.EGRESS: _rate(
                'livekit_packet_bytes{direction="outgoing",$pool}', times="8e-6 * "
            ),
            Column.PACKETS_OUT: _rate('livekit_packet_total{direction="outgoing",$pool}'),
            Column.PACKETS_IN: _rate('livekit_packet_total{direction="incoming",$pool}'),
            # The Go client's own, which every Go program has: of those that are LiveKit servers.
            Column.CORES: _rate("process_cpu_seconds_total{$pool}")
            + " and on (job, instance) livekit_participant_total{$pool}",
        },
        # A bridge counts who sends, not who is sent what.
        Preset.JVB: {
            Column.PARTICIPANTS: _mean("jitsi_jvb_local_endpoints{$pool}"),
            Column.ROOMS: _mean("jitsi_jvb_conferences{$pool}"),
            Column.AUDIO: _mean("jitsi_jvb_endpoints_sending_audio{$pool}"),
            Column.VIDEO: _mean("jitsi_jvb_endpoints_sending_video{$pool}"),
            Column.EGRESS: f"1e-6 * ({_mean('jitsi_jvb_outgoing_bitrate{$pool}')}"
            f" + {_mean('jitsi_jvb_relay_outgoing_bitrate{$pool}')})",
            Column.PACKETS_OUT: f"{_mean('jitsi_jvb_outgoing_packet_rate{$pool}')}"
            f" + {_mean('jitsi_jvb_relay_outgoing_packet_rate{$pool}')}",
            Column.PACKETS_IN: f"{_mean('jitsi_jvb_incoming_packet_rate{$pool}')}"
            f" + {_mean('jitsi_jvb_relay_incoming_packet_rate{$pool}')}",
            Column.LARGEST: "max by ($target)"
            " (max_over_time(jitsi_jvb_largest_conference{$pool}[$window]))",
        },
        Preset.MEDIASOUP: {
            Column.PARTICIPANTS: _mean("mcs_users{$pool}"),
            Column.ROOMS: _mean("mcs_rooms{$pool}"),
            Column.AUDIO: _mean('mediasoup_consumers{kind="audio",$pool}'),
            Column.VIDEO: _mean('mediasoup_consumers{kind="video",$pool}'),
            # libuv's rusage in milliseconds, of all workers.
            Column.CORES: f"{_rate('mediasoup_worker_ru_utime_total{$pool}', times='1e-3 * ')}"
            f" + {_rate('mediasoup_worker_ru_stime_total{$pool}', times='1e-3 * ')}",
        },
        # All Janus servers behind one signaling server together.
        Preset.JANUS: {
            Column.PARTICIPANTS: _mean("signaling_call_sessions{$pool}"),
            Column.ROOMS: _mean("signaling_hub_rooms{$pool}"),
            Column.AUDIO: _mean('signaling_mcu_subscriber_streams{type="audio",$pool}'),
            Column.VIDEO: _mean('signaling_mcu_subscriber_streams{type=~"video|screen",$pool}'),
            Column.EGRESS: _mean(
                'signaling_mcu_bandwidth{direction="outgoing",$pool}', times="8e-6 * "
            ),
        },
    }
)
"""Jicofo's and BigBlueButton's exporters tell participants and rooms, and no load."""


def read_samples(
    client: PrometheusClient,
    preset: Preset,
    *,
    matchers: str,
    start: int,
    end: int,
    window_seconds: int,
) -> Samples:
    """Read windows that end at `start` + window, ..., `end`. Raises PrometheusError, SpecError.

    Windows in which a target did not tell everything that it tells elsewhere are left out.
    """
    rows = client.range(
        question(preset, matchers=matchers, window_seconds=window_seconds),
        start=start + window_seconds,
        end=end,
        step_seconds=window_seconds,
    )
    return samples_of(rows, window_seconds=window_seconds)


def question(
    preset: Preset, *, matchers: str, window_seconds: int, keys: Sequence[str] = ()
) -> str:
    """Return one query for everything, told apart by `keys` besides the target.

    Raises SpecError for an SFU that tells no load.
    """
    if preset not in LOADS:
        known = ", ".join(LOADS)
        raise SpecError(
            f"preset {preset} tells neither egress nor CPU, nothing to fit: must be one of {known}"
        )
    target = ", ".join(dict.fromkeys((*TARGET, *keys)))
    facets = {
        column.value: Template(template).substitute(
            pool=matchers, window=f"{window_seconds}s", target=target
        )
        for column, template in LOADS[preset].items()
    }
    return union(facets)


def samples_of(rows: Sequence[Row], *, window_seconds: int) -> Samples:
    """Return the windows in which a target told everything that any target tells.

    What is no measure (NaN, infinite, negative, absurd) was not told.
    """
    told: dict[Column, dict[tuple[str, ...], float]] = {}
    for row in rows:
        target = tuple(row["metric"].get(key, "") for key in TARGET)
        column = told.setdefault(Column(row["metric"][FACET]), {})
        for moment, value in row["values"]:
            if 0.0 <= (number := float(value)) <= MOST:
                column[(*target, str(int(float(moment))))] = number
    needed = [set(told[column]) for column in told if column not in _STREAMS]
    complete = sorted(set.intersection(*needed)) if Column.PARTICIPANTS in told else []
    targets = {target: n for n, target in enumerate(sorted({key[:2] for key in complete}))}
    return Samples(
        servers=np.array([targets[key[:2]] for key in complete], dtype=np.int64),
        times=np.array([int(key[2]) for key in complete], dtype=np.int64),
        window_seconds=window_seconds,
        columns={
            column: np.array([values.get(key, 0.0) for key in complete], dtype=np.float64)
            for column, values in told.items()
        },
    )
