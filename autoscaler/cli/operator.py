"""`meetscale operator`: everything that the loop needs, made and tied together."""

import logging
import os
import signal
import socket
import threading
import time
import uuid
from pathlib import Path
from typing import Annotated

import typer

from autoscaler.bandwidth.config import load_endpoints
from autoscaler.cli.logs import log_as_json
from autoscaler.cli.terms import Reach, Terms
from autoscaler.controller.elector import Elector
from autoscaler.controller.health import Health
from autoscaler.controller.journal import FileJournal, NoJournal
from autoscaler.controller.metrics import Metrics
from autoscaler.controller.operator import Operator
from autoscaler.controller.web import Web
from autoscaler.engine.config import EngineConfig
from autoscaler.errors import SpecError
from autoscaler.kube.client import connect
from autoscaler.kube.fleet import KubeFleet
from autoscaler.kube.lease import TIMEOUT as LEASE_TIMEOUT
from autoscaler.kube.lease import KubeLease
from autoscaler.kube.pods import KubeServers
from autoscaler.kube.reports import KubeReports
from autoscaler.kube.store import ConfigMapStore
from autoscaler.ports.journal import Journal
from autoscaler.prometheus.occupancy import PrometheusOccupancy

LOG = logging.getLogger(__name__)
LIVE_SECONDS, LIVE_TICKS = 60.0, 5
OWN_NAMESPACE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")


class SystemClock:
    """The machine's clocks."""

    def now(self) -> int:
        """Return epoch seconds UTC."""
        return int(time.time())

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""
        return time.monotonic()


def operator(
    prometheus_url: Annotated[
        str, typer.Option(help="Where Prometheus answers, such as http://prometheus:9090.")
    ],
    namespace: Annotated[
        list[str] | None,
        typer.Option(help="Look after this namespace only; may be given again. Default: all."),
    ] = None,
    tick_seconds: Annotated[
        float, typer.Option(min=1.0, max=300.0, help="Seconds from one tick to the next.")
    ] = 5.0,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="For /livez, /readyz and /metrics.")
    ] = 8080,
    bandwidth_providers: Annotated[
        Path | None, typer.Option(help="YAML file with the HTTP providers that links may name.")
    ] = None,
    journal: Annotated[
        Path | None, typer.Option(help="Write each decision, and all it rests on, to this file.")
    ] = None,
    forecast: Annotated[
        bool, typer.Option(help="Forecast; without it demand and calendar still count.")
    ] = True,
    kubeconfig: Annotated[
        Path | None, typer.Option(help="Outside a cluster. Default: as kubectl finds it.")
    ] = None,
    state_namespace: Annotated[
        str | None, typer.Option(help="Where state is kept. Default: the pod's namespace.")
    ] = None,
) -> None:
    """Watch the pools of a cluster and keep their targets ahead of demand, until stopped."""
    log_as_json()
    clock, metrics, book = SystemClock(), Metrics(), _journal(journal)
    client, config = connect(kubeconfig), EngineConfig(forecasting=forecast)
    health = Health(clock, patience=max(LIVE_SECONDS, LIVE_TICKS * tick_seconds))
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    namespaces = [one for one in namespace or () if one]
    home, pod = state_namespace or _own_namespace(), socket.gethostname()
    reach = Reach(
        prometheus_url=prometheus_url,
        client=client,
        fleet=KubeFleet(client, namespaces=namespaces),
        servers=KubeServers(client, namespaces=namespaces),
        occupancy=PrometheusOccupancy(prometheus_url),
        endpoints={} if bandwidth_providers is None else load_endpoints(bandwidth_providers),
        reports=KubeReports(client, instance=pod),
        store=ConfigMapStore(client, namespace=home),
        lease=KubeLease(connect(kubeconfig, timeout=LEASE_TIMEOUT), namespace=home),
        journal=book,
        identity=f"{pod}_{uuid.uuid4()}",  # one that starts again in its pod is another
    )
    elector = Elector(reach.lease, identity=reach.identity, clock=clock)
    web = _web(port, health, metrics)
    running = Operator(
        begin=Terms(reach, elector, clock=clock, config=config, stop=stop).begin,
        leadership=elector,
        metrics=metrics,
        health=health,
        clock=clock,
        tick_seconds=tick_seconds,
    )
    metrics.leader.set_function(lambda: elector.leads)
    elector.start()
    web.start()
    LOG.info("started, a tick every %g s, port %d", tick_seconds, web.port)
    running.run(stop)
    elector.close()
    web.close()
    for part in (reach.fleet, reach.servers, reach.occupancy, book):
        part.close()


def _journal(path: Path | None) -> Journal:
    if path is None:
        return NoJournal()
    try:
        return FileJournal(path)
    except OSError as error:
        message = f"--journal {path}: {error.strerror}: must be a file that can be written"
        raise SpecError(message) from error


def _web(port: int, health: Health, metrics: Metrics) -> Web:
    try:
        return Web(port, health=health, registry=metrics.registry)
    except OSError as error:
        message = f"--port {port}: {error.strerror}: must be a port that is free"
        raise SpecError(message) from error


def _own_namespace() -> str:
    """Return where the operator runs: what its pod says, or where it is installed by default."""
    if OWN_NAMESPACE.is_file():
        return OWN_NAMESPACE.read_text(encoding="utf-8").strip()
    return os.environ.get("POD_NAMESPACE", "meetscale-system")
