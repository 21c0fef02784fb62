"""A real Prometheus on loopback, with history as blocks and targets scraped live."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import urllib3
import yaml

from tests.servers.binaries import PrometheusBinaries
from tests.servers.errors import ServerError
from tests.servers.exporter import History
from tests.servers.process import Process, free_port

LONG_BLOCKS = "--max-block-duration=744h"
"""A hidden flag of promtool; without it, four weeks take minutes instead of seconds."""


class Scraped(Protocol):
    """What Prometheus can be pointed at: `address` is host and port."""

    address: str
    labels: dict[str, str]


class Prometheus:
    """One Prometheus in `folder`; stopped and started again, it keeps its data and address."""

    def __init__(self, binaries: PrometheusBinaries, folder: Path) -> None:
        self._binaries = binaries
        self._folder = folder / "prometheus"
        self._folder.mkdir()
        self._data = self._folder / "data"
        self._config = self._folder / "prometheus.yaml"
        self._http = urllib3.PoolManager(timeout=10, retries=False)
        address = f"127.0.0.1:{free_port()}"
        self.url = f"http://{address}"
        self._process = Process(
            [
                str(binaries.prometheus),
                f"--config.file={self._config}",
                f"--storage.tsdb.path={self._data}",
                "--storage.tsdb.retention.time=10y",
                f"--web.listen-address={address}",
                "--web.enable-lifecycle",
            ],
            name="prometheus",
            log=self._folder / "prometheus.log",
        )
        self.scrape({})

    def load(self, history: Iterable[History]) -> None:
        """Write `history` into blocks; before `start`, and once."""
        file = self._folder / "history.om"
        with file.open("w") as out:
            # Samples of one metric must stand together.
            for series in sorted(history, key=lambda one: one.series.partition("{")[0]):
                out.writelines(f"{series.series} {v!r} {t:.3f}\n" for t, v in series.samples)
            out.write("# EOF\n")
        command = [str(self._binaries.promtool), "tsdb", "create-blocks-from", "openmetrics"]
        done = subprocess.run(
            [*command, LONG_BLOCKS, str(file), str(self._data)],
            capture_output=True,
            text=True,
            check=False,
        )
        file.unlink()
        if done.returncode != 0:
            raise ServerError(f"promtool could not load the history: {done.stderr}")

    def scrape(
        self, jobs: Mapping[str, Sequence[Scraped]], *, every: str = "1s", rules: str = ""
    ) -> None:
        """Scrape these targets by job name from now on, in the place of earlier ones.

        `rules` is the text of a rule file, such as recording rules or alerts.
        """
        rule_file = self._folder / "rules.yaml"
        rule_file.write_text(rules or "groups: []\n")
        config = {
            "global": {
                "scrape_interval": every,
                "scrape_timeout": every,
                "evaluation_interval": every,
            },
            "rule_files": [str(rule_file)],
            "scrape_configs": [
                {
                    "job_name": job,
                    "static_configs": [
                        {"targets": [target.address], "labels": target.labels} for target in targets
                    ],
                }
                for job, targets in jobs.items()
            ],
        }
        self._config.write_text(yaml.safe_dump(config))
        if self._process.running:
            self.reload()

    def start(self) -> None:
        """Start it, at first or after `stop`; return when it answers queries."""
        self._process.start()
        self._process.await_ready(self._ready)

    def stop(self) -> None:
        """Stop it: connections are refused until `start`."""
        self._process.stop()

    def pause(self) -> None:
        """Freeze it: it accepts connections and answers nothing until `resume`."""
        self._process.pause()

    def resume(self) -> None:
        """Let it go on."""
        self._process.resume()

    def reload(self) -> None:
        """Make it read its configuration again."""
        answer = self._http.request("POST", f"{self.url}/-/reload")
        if answer.status != 200:
            raise ServerError(f"prometheus reload: {answer.status} {answer.data.decode()}")

    def query(self, promql: str, at: float | None = None) -> list[dict[str, Any]]:
        """Return the result vector of an instant query, now or `at` epoch seconds."""
        fields = {"query": promql} if at is None else {"query": promql, "time": str(at)}
        return self._result("query", fields)

    def query_range(
        self, promql: str, *, start: float, end: float, step: float
    ) -> list[dict[str, Any]]:
        """Return the result matrix of a range query."""
        span = {"start": str(start), "end": str(end), "step": str(step)}
        return self._result("query_range", {"query": promql, **span})

    def _result(self, path: str, fields: dict[str, str]) -> list[dict[str, Any]]:
        url = f"{self.url}/api/v1/{path}"
        answer = self._http.request("POST", url, fields=fields, encode_multipart=False).json()
        if answer["status"] != "success":
            raise ServerError(f"prometheus {path} {fields}: {answer.get('error')}")
        return list(answer["data"]["result"])

    def _ready(self) -> bool:
        try:
            return bool(self._http.request("GET", f"{self.url}/-/ready").status == 200)
        except urllib3.exceptions.HTTPError:
            return False
