"""A real SFU: one LiveKit server on loopback."""

from __future__ import annotations

from pathlib import Path

import urllib3
import yaml

from tests.servers.process import Process, free_port

KEY, SECRET = "meetscale", "a-secret-of-this-test-run-and-of-nobody-else"


class LiveKit:
    """One LiveKit server; participants join at `url`, Prometheus scrapes `address`."""

    def __init__(self, binary: Path, folder: Path) -> None:
        self.labels: dict[str, str] = {"sfu_pool": "livekit"}
        port, metrics = free_port(), free_port()
        self.url = f"ws://127.0.0.1:{port}"
        self.address = f"127.0.0.1:{metrics}"
        self._http = f"http://127.0.0.1:{port}/"
        config = {
            "port": port,
            "bind_addresses": ["127.0.0.1"],
            "prometheus": {"port": metrics},
            "keys": {KEY: SECRET},
            "room": {"departure_timeout": 1},
            "rtc": {
                "tcp_port": free_port(),
                "udp_port": free_port(),
                "use_external_ip": False,
                "node_ip": "127.0.0.1",
                "enable_loopback_candidate": True,
                "interfaces": {"includes": ["lo"]},
            },
        }
        file = folder / "livekit.yaml"
        file.write_text(yaml.safe_dump(config))
        self._process = Process(
            [str(binary), "--config", str(file)], name="livekit", log=folder / "livekit.log"
        )

    def start(self) -> None:
        """Start it; return when rooms can be joined."""
        self._process.start()
        self._process.await_ready(self._ready)

    def stop(self) -> None:
        """End it at once: asked to end, it would wait for its participants to leave."""
        self._process.kill()

    def _ready(self) -> bool:
        try:
            answer = urllib3.request("GET", self._http, timeout=2, retries=False)
        except urllib3.exceptions.HTTPError:
            return False
        return answer.status == 200
