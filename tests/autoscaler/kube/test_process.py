"""`meetscale operator` as a process: what it refuses, what it serves, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import urllib3

from tests.servers.process import Process, free_port

if TYPE_CHECKING:
    from tests.autoscaler.kube.cluster import Cluster

MEETSCALE = Path(sys.executable).with_name("meetscale")
NOBODY = "http://127.0.0.1:9"
"""The discard port: nothing listens there."""


def refused(*flags: str) -> str:
    command = [str(MEETSCALE), "operator", f"--prometheus-url={NOBODY}", *flags]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_kubeconfig_that_does_not_exist_is_one_sentence(tmp_path: Path) -> None:
    assert f"kubeconfig {tmp_path}/none" in refused(f"--kubeconfig={tmp_path}/none")


@pytest.mark.plane
def test_a_journal_that_cannot_be_written_is_one_sentence(cluster: Cluster) -> None:
    kubeconfig = f"--kubeconfig={cluster.plane.admin_kubeconfig}"

    assert "--journal /proc/none" in refused(kubeconfig, "--journal=/proc/none")


@pytest.mark.plane
def test_it_serves_its_probes_and_ends_cleanly_while_prometheus_is_gone(
    cluster: Cluster, tmp_path: Path
) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool()
    url = f"http://127.0.0.1:{(port := free_port())}"
    log = tmp_path / "operator.log"
    process = Process(
        [
            str(MEETSCALE),
            "operator",
            f"--prometheus-url={NOBODY}",
            f"--namespace={cluster.namespace}",
            f"--kubeconfig={cluster.plane.admin_kubeconfig}",
            f"--state-namespace={cluster.namespace}",
            f"--port={port}",
            "--tick-seconds=1",
        ],
        name="operator",
        log=log,
    )

    def ready() -> bool:
        try:
            answer = urllib3.request("GET", f"{url}/readyz", timeout=2, retries=False)
        except urllib3.exceptions.HTTPError:
            return False
        return answer.status == 200

    try:
        process.start()
        process.await_ready(ready)
        alive = urllib3.request("GET", f"{url}/livez", timeout=5).status
        metrics = urllib3.request("GET", f"{url}/metrics", timeout=5).data.decode()
    finally:
        process.stop(grace=25.0)

    assert alive == 200
    assert f'meetscale_blind{{namespace="{cluster.namespace}",pool="eu"}} 1.0' in metrics
    assert process.exit_code == 0
    assert cluster.condition("ScalingActive") == ("False", "BlindWithoutState")
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert lines[0]["message"].startswith("started, a tick every 1 s")
    assert lines[-1]["message"] == "stopping"
