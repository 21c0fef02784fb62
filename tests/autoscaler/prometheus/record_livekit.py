"""Records what a real LiveKit server exports, into expositions/livekit.txt.

`python -m tests.autoscaler.prometheus.record_livekit`: seven participants in three rooms of the
tests' own server, some seconds of media, one scrape. Gauges and counters of LiveKit and of its
process are kept as they were sent; histograms and what Go tells of itself are left out.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import urllib3
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console

from tests.servers import binaries
from tests.servers.livekit import LiveKit
from tests.servers.participants import Participants
from tests.servers.progress import Reporter

TEXT = Path(__file__).with_name("expositions") / "livekit.txt"
ROOMS: dict[str, dict[str, int]] = {
    "a": {"audio": 2},
    "b": {"video": 2},
    "c": {"audio": 1, "silent": 2},
}
SECONDS = 15.0
"""LiveKit adds to its counters every five."""
KEPT = ("livekit_", "process_")
HEADER = (
    f"# Recorded from livekit-server {binaries.LIVEKIT} of the tests, with seven real participants"
    " in three\n"
    "# rooms, by tests/autoscaler/prometheus/record_livekit.py. Nothing is changed; histograms and"
    " Go's\n# own metrics are left out.\n"
)


def main() -> None:
    """Start a server, let participants meet, and write down what it exports then."""
    with tempfile.TemporaryDirectory() as folder:
        livekit = LiveKit(binaries.livekit(Reporter()), Path(folder))
        livekit.start()
        participants = Participants(livekit.url)
        try:
            for room, kinds in ROOMS.items():
                participants.join(room, **kinds)
            time.sleep(SECONDS)
            answer = urllib3.request("GET", f"http://{livekit.address}/metrics", timeout=10.0)
        finally:
            participants.close()
            livekit.stop()
    TEXT.write_text(HEADER + "".join(_kept(answer.data.decode())), encoding="utf-8")
    Console().print(f"written: {TEXT.name}")


def _kept(text: str) -> Iterator[str]:
    """Yield the lines of the families that are kept, in their order."""
    names = {
        family.name + "_total" * (family.type == "counter")
        for family in text_string_to_metric_families(text)
        if family.type in ("gauge", "counter") and family.name.startswith(KEPT)
    }
    names |= {name.removesuffix("_total") for name in names}
    for line in text.splitlines(keepends=True):
        name = line.split()[2] if line.startswith("#") else line.split("{")[0].split()[0]
        if name in names:
            yield line


if __name__ == "__main__":
    main()
