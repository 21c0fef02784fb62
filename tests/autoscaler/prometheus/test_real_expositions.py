"""Every preset reads the text that its SFU exports, scraped by a real Prometheus.

LiveKit's text is recorded from a server of the tests (`record_livekit`); the others are composed
from their documentation. Each says so in its first line.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autoscaler.capacity.samples import Column
from autoscaler.errors import SpecError
from autoscaler.prometheus.client import PrometheusClient
from autoscaler.prometheus.load_queries import LOADS, question, read_samples
from autoscaler.prometheus.source import PrometheusDemand
from autoscaler.resources.demand import Preset
from tests.autoscaler.prometheus.pools import pool
from tests.servers.binaries import PrometheusBinaries
from tests.servers.exporter import Exporter
from tests.servers.process import until
from tests.servers.prometheus import Prometheus

pytestmark = [pytest.mark.prometheus, pytest.mark.timeout(120)]

TEXTS = Path(__file__).with_name("expositions")
WINDOW = 4

READ: dict[Preset, tuple[float, float | None]] = {
    # participants, Mbit/s sent (None: not told); what is only counted stands still in a text
    Preset.LIVEKIT: (7.0, 0.0),
    Preset.JVB: (40.0, 80.0),
    Preset.JICOFO: (640.0, None),
    Preset.BIGBLUEBUTTON: (93.0, None),
    Preset.MEDIASOUP: (58.0, None),
    Preset.JANUS: (34.0, 100.0),
}

CARRIED: dict[Preset, dict[Column, float]] = {
    Preset.LIVEKIT: {
        Column.PARTICIPANTS: 7.0,
        Column.ROOMS: 3.0,
        Column.AUDIO: 6.0,
        Column.VIDEO: 2.0,
        Column.EGRESS: 0.0,
        Column.PACKETS_OUT: 0.0,
        Column.PACKETS_IN: 0.0,
        Column.CORES: 0.0,
    },
    Preset.JVB: {
        Column.PARTICIPANTS: 40.0,
        Column.ROOMS: 9.0,
        Column.AUDIO: 12.0,
        Column.VIDEO: 21.0,
        Column.EGRESS: 80.0,
        Column.PACKETS_OUT: 11_500.0,
        Column.PACKETS_IN: 4_400.0,
        Column.LARGEST: 17.0,
    },
    Preset.MEDIASOUP: {
        Column.PARTICIPANTS: 58.0,
        Column.ROOMS: 6.0,
        Column.AUDIO: 58.0,
        Column.VIDEO: 310.0,
        Column.CORES: 0.0,
    },
    Preset.JANUS: {
        Column.PARTICIPANTS: 34.0,
        Column.ROOMS: 2.0,
        Column.AUDIO: 300.0,
        Column.VIDEO: 293.0,
        Column.EGRESS: 100.0,
    },
}


@pytest.fixture(scope="module")
def scraped(
    prometheus_binaries: PrometheusBinaries, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prometheus]:
    """A Prometheus that has scraped every text several times, as the pool of its preset."""
    prometheus = Prometheus(prometheus_binaries, tmp_path_factory.mktemp("expositions"))
    with Exporter() as exporter:
        targets = [
            exporter.recorded((TEXTS / f"{preset.lower()}.txt").read_text(), sfu_pool=preset.value)
            for preset in Preset
        ]
        prometheus.scrape({"sfu": targets})
        prometheus.start()
        try:
            until(lambda: all(one.scrapes > 2 * WINDOW for one in targets), what="scrapes")
            yield prometheus
        finally:
            prometheus.stop()


@pytest.mark.parametrize("preset", Preset)
def test_demand_is_read_from_what_the_sfu_exports(scraped: Prometheus, preset: Preset) -> None:
    source = PrometheusDemand(scraped.url)
    one = pool(preset.lower(), preset=preset.value, matchLabels={"sfu_pool": preset.value})
    reading = source.read([one], now=int(time.time()))[one.key]
    source.close()
    assert reading.demand.state == "Observed"
    assert (reading.demand.participants, reading.egress_mbps) == READ[preset]


@pytest.mark.parametrize("preset", LOADS)
def test_load_is_read_from_what_the_sfu_exports(scraped: Prometheus, preset: Preset) -> None:
    client = PrometheusClient(scraped.url, instant_seconds=5.0, range_seconds=5.0)
    now = int(time.time())
    samples = read_samples(
        client,
        preset,
        matchers=f'sfu_pool="{preset.value}"',
        start=now - WINDOW,
        end=now,
        window_seconds=WINDOW,
    )
    client.close()
    told = {column: values.tolist() for column, values in samples.columns.items()}
    assert told == {column: [value] for column, value in CARRIED[preset].items()}


def test_every_text_says_whether_it_was_recorded() -> None:
    first = {preset: (TEXTS / f"{preset.lower()}.txt").read_text()[:200] for preset in Preset}
    assert first[Preset.LIVEKIT].startswith("# Recorded from livekit-server")
    composed = [text for preset, text in first.items() if preset is not Preset.LIVEKIT]
    assert all(text.startswith("# Composed from") and "not recorded" in text for text in composed)


@pytest.mark.parametrize("preset", [preset for preset in Preset if preset not in LOADS])
def test_an_exporter_that_tells_no_load_is_named(preset: Preset) -> None:
    with pytest.raises(SpecError, match=f"{preset} tells neither egress nor CPU"):
        question(preset, matchers="", window_seconds=60)
