"""The operator as a process: the command that people run, with the flags that people give."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import urllib3

from tests.e2e.installation import Installation
from tests.servers.errors import ServerError
from tests.servers.process import Process, free_port, until

MEETSCALE = Path(sys.executable).with_name("meetscale")
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""Two cores are shared with an API server, Prometheus and often a second operator."""
GRACE_SECONDS = 25.0
"""What the shipped Deployment gives a pod to end by itself, and a little less."""


class Operator:
    """One `meetscale operator` of an installation, looking after `namespace`."""

    def __init__(
        self,
        installation: Installation,
        *,
        prometheus_url: str,
        namespace: str,
        folder: Path,
        tick_seconds: float = 1.0,
        flags: Sequence[str] = (),
    ) -> None:
        """Files go into `folder`, which is made: the journal, and the log of all its runs."""
        folder.mkdir(parents=True)
        self.journal = folder / "journal.jsonl"
        self.log = folder / "operator.log"
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.process = Process(
            [
                str(MEETSCALE),
                "operator",
                f"--prometheus-url={prometheus_url}",
                f"--namespace={namespace}",
                f"--tick-seconds={tick_seconds:g}",
                f"--port={port}",
                f"--journal={self.journal}",
                f"--kubeconfig={installation.kubeconfig}",
                f"--state-namespace={installation.namespace}",
                *flags,
            ],
            name="operator",
            log=self.log,
            environment=ONE_THREAD,
        )

    def start(self, role: str = "leads") -> None:
        """Start it, again if it ended; return when it leads (after a first tick) or stands by.

        After one that was killed that takes until its lease runs out.
        """
        self.process.start()
        self.process.await_ready(lambda: self.role() == role)

    def role(self) -> str:
        """Return what it says it does: "leads", "stands by" or, before either, nothing."""
        try:
            return self.get("/readyz").strip().removeprefix("ready, ")
        except (ServerError, urllib3.exceptions.HTTPError):
            return ""

    def stop(self) -> int | None:
        """Ask it to end (SIGTERM) and return its exit code."""
        self.process.stop(grace=GRACE_SECONDS)
        return self.process.exit_code

    def kill(self) -> None:
        """End it without a chance to say anything (SIGKILL)."""
        self.process.kill()

    def get(self, path: str) -> str:
        """Return the text at /livez, /readyz or /metrics; raise ServerError unless it is 200."""
        answer = urllib3.request("GET", f"{self.url}{path}", timeout=5, retries=False)
        if answer.status != 200:
            raise ServerError(f"operator {path}: {answer.status} {answer.data.decode()}")
        return answer.data.decode()

    def logged(self, level: str = "") -> list[dict[str, Any]]:
        """Return the records of its log, of one level if named ("error", "warning", "info")."""
        records = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [record for record in records if level in ("", record["level"])]

    def journalled(self) -> list[str]:
        """Return the lines of its journal, as far as they are whole."""
        text = self.journal.read_text(encoding="utf-8")
        return text[: text.rfind("\n") + 1].splitlines()

    def ticks(self) -> list[int]:
        """Return when each of its ticks was, epoch seconds."""
        lines = (json.loads(line) for line in self.journalled())
        return [int(line["at"]) for line in lines if line["kind"] == "tick"]

    def await_ticks(self, count: int) -> None:
        """Wait until so many more ticks were done."""
        done = len(self.ticks()) + count
        until(lambda: len(self.ticks()) >= done, what=f"{count} more ticks", every=0.3)
