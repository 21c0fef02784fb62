"""A real LiveKit with real participants: what the preset reads, and what a fit on it predicts.

One run of about two minutes, in which participants, rooms and video vary, and then another mix.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from autoscaler.capacity.calibration import Calibration, calibrate
from autoscaler.capacity.samples import Column, Samples, whole_windows
from autoscaler.prometheus.client import PrometheusClient
from autoscaler.prometheus.load_queries import read_samples
from autoscaler.prometheus.source import PrometheusDemand
from autoscaler.resources.demand import Preset
from tests.autoscaler.cli.conftest import Command
from tests.autoscaler.prometheus.pools import pool
from tests.servers.binaries import PrometheusBinaries
from tests.servers.livekit import LiveKit
from tests.servers.prometheus import Prometheus

if TYPE_CHECKING:
    from tests.servers.participants import Participants

pytestmark = [pytest.mark.sfu, pytest.mark.prometheus, pytest.mark.timeout(600)]

SETTLE_SECONDS = 12.0
"""A camera's first seconds are dearer, and LiveKit adds to its counters every five: short windows
start when that is over."""
COUNTED_SECONDS = 5.0
"""By when the clients' bytes are counted again."""
WINDOW_SECONDS = 10
PHASES: tuple[tuple[str, str, dict[str, int]], ...] = (
    # who leaves, which room is opened, and who comes: with a microphone, a camera too, or neither
    ("", "a", {"audio": 3}),
    ("", "b", {"video": 2}),
    ("a", "c", {"audio": 1, "silent": 3}),
    ("b", "d", {"video": 2, "silent": 1}),
    ("c", "e", {"audio": 2, "video": 2}),
)
MINUTES_2 = 120.0
"""Over which the preset takes its rates."""


@dataclass(frozen=True)
class Run:
    """What happened: `received` are moments and the bytes that all had received by then."""

    prometheus: Prometheus
    client: PrometheusClient
    varied: tuple[float, float]
    steady: list[tuple[float, float]]
    other: tuple[float, float]
    joined: int
    rooms: int
    read_participants: float
    read_rooms: float
    read_egress_mbps: float
    read_at: float
    received: list[tuple[float, int]]

    def samples(self, span: tuple[float, float], *, window: int) -> Samples:
        return read_samples(
            self.client,
            Preset.LIVEKIT,
            matchers='sfu_pool="livekit"',
            start=int(span[0]),
            end=int(span[1]),
            window_seconds=window,
        )

    def received_mbps(self, start: float, end: float) -> float:
        """Return what the clients received from `start` to `end`, Mbit/s."""
        moments, received = np.array(self.received, dtype=np.float64).T
        first, last = np.interp([start, end], moments, received)
        return float(8e-6 * (last - first) / (end - start))

    def fitted(self) -> Calibration:
        """Fit on the windows in which nobody came or went."""
        each = [self.samples(span, window=WINDOW_SECONDS) for span in self.steady]
        return calibrate(
            Samples(
                servers=np.concatenate([one.servers for one in each]),
                times=np.concatenate([one.times for one in each]),
                window_seconds=WINDOW_SECONDS,
                columns={
                    column: np.concatenate(
                        [one.columns.get(column, np.zeros(len(one.times))) for one in each]
                    )
                    for column in each[-1].columns
                },
            )
        )


@pytest.fixture(scope="module")
def run(
    livekit_binary: Path,
    prometheus_binaries: PrometheusBinaries,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Run]:
    from tests.servers.participants import Participants

    folder = tmp_path_factory.mktemp("sfu")
    livekit, prometheus = LiveKit(livekit_binary, folder), Prometheus(prometheus_binaries, folder)
    livekit.start()
    participants = Participants(livekit.url)
    try:
        prometheus.scrape({"sfu": [livekit]})
        prometheus.start()
        yield _play(participants, prometheus)
    finally:
        participants.close()
        prometheus.stop()
        livekit.stop()


def _play(participants: "Participants", prometheus: Prometheus) -> Run:
    steady: list[tuple[float, float]] = []

    def hold(seconds: float) -> None:
        time.sleep(SETTLE_SECONDS)
        start = time.time()
        time.sleep(seconds)
        steady.append((start, time.time()))

    start = time.time()
    for leaving, opened, kinds in PHASES:
        for room in leaving:
            participants.leave(room)
        participants.join(opened, **kinds)
        hold(WINDOW_SECONDS)
    varied = (start, time.time())
    for room in ("d", "e"):
        participants.leave(room)
    participants.join("x", audio=2, video=1)
    participants.join("y", audio=1, silent=2, video=1)
    hold(2 * WINDOW_SECONDS)
    time.sleep(max(0.0, start + MINUTES_2 + SETTLE_SECONDS - time.time()))
    client = PrometheusClient(prometheus.url, instant_seconds=5.0, range_seconds=30.0)
    source = PrometheusDemand(prometheus.url)
    one = pool("livekit")
    reading = source.read([one], now=int(time.time()))[one.key]
    read_at = time.time()
    time.sleep(COUNTED_SECONDS)
    source.close()
    (rooms,) = prometheus.query('sum(livekit_room_total{sfu_pool="livekit"})')
    assert reading.demand.participants is not None
    assert reading.egress_mbps is not None
    return Run(
        prometheus=prometheus,
        client=client,
        varied=varied,
        steady=steady[:-1],
        other=steady[-1],
        joined=7,
        rooms=2,
        read_participants=reading.demand.participants,
        read_rooms=float(rooms["value"][1]),
        read_egress_mbps=reading.egress_mbps,
        read_at=read_at,
        received=list(participants.received),
    )


def test_as_many_participants_and_rooms_are_read_as_joined(run: Run) -> None:
    assert (run.read_participants, run.read_rooms) == (run.joined, run.rooms)


def test_the_preset_reads_the_egress_that_clients_received(run: Run) -> None:
    received = run.received_mbps(run.read_at - MINUTES_2, run.read_at)
    assert run.read_egress_mbps == pytest.approx(received, rel=0.10)


def test_a_fit_on_varied_meetings_predicts_another_mix(run: Run) -> None:
    start, end = run.other
    seen = calibrate(run.samples(run.other, window=int(end - start)))
    streams = {column: seen.per_participant[column] for column in (Column.AUDIO, Column.VIDEO)}
    predicted = run.fitted().asks(Column.EGRESS, streams)
    received = run.received_mbps(start, end) / run.joined
    assert predicted.value == pytest.approx(received, rel=0.15)


def test_the_command_prints_the_same_fit(run: Run, meetscale: Command) -> None:
    start, end = (_iso(int(moment)) for moment in run.varied)
    outcome = meetscale(
        *("calibrate", "--prometheus", run.prometheus.url, "--preset", "livekit"),
        *("--match", "sfu_pool=livekit", "--window-seconds", str(WINDOW_SECONDS), "--json"),
        *("--from", start, "--to", end),
    )
    assert outcome.status == 0, outcome.err
    answer = json.loads(outcome.out)
    egress = next(fit for fit in answer["fits"] if fit["response"] == "egressMbps")
    told = [each["value"] for each in egress["coefficients"]]
    windows = whole_windows(run.samples(run.varied, window=WINDOW_SECONDS))
    fitted = calibrate(windows).fits[Column.EGRESS]
    assert told == pytest.approx(fitted.coefficients.tolist())
    assert "blocks of samples" in egress["doubt"]  # a minute and a half is no evidence yet


def _iso(moment: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
