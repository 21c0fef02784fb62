"""What a tick costs on a real API server: `python -m tests.autoscaler.kube.speed [POOLS]...`.

Prints seconds of a tick in which every pool changes, of quiet ones, and of telling all statuses;
asserts nothing.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.autoscaler.kube.cluster import Cluster, Operator, connect, hpa_target
from tests.autoscaler.kube.conftest import installed
from tests.servers import binaries
from tests.servers.namespaces import temporary_namespace
from tests.servers.plane import ControlPlane
from tests.servers.progress import Reporter

QUIET_TICKS = 5
PATIENCE = 120.0


@contextmanager
def started() -> Iterator[ControlPlane]:
    """A control plane with our resources."""
    with tempfile.TemporaryDirectory() as folder:
        plane = ControlPlane(binaries.plane(Reporter()), Path(folder))
        try:
            plane.start()
            yield installed(plane)
        finally:
            plane.stop()


def fill(cluster: Cluster, pools: int) -> list[str]:
    """Create pools, each with its HPA, and return their names.

    The HPAs size StatefulSets, whose controller does not run here: what is measured is the operator
    and the API server, not a cluster that starts thousands of pods on the same two cores.
    """
    names = [f"pool-{index}" for index in range(pools)]

    def create(name: str) -> None:
        cluster.stateful_set(name)
        scaled = {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": name}
        cluster.hpa(name, scaleTargetRef=scaled, maxReplicas=100)
        cluster.pool(name, target=hpa_target(name=name))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(create, names))
    return names


def measure(plane: ControlPlane, pools: int) -> str:
    """Return one line about so many pools."""
    with temporary_namespace(plane, f"speed-{pools}") as namespace:
        cluster = Cluster(plane, namespace)
        names = fill(cluster, pools)
        operator = Operator(connect(plane), namespace, **dict.fromkeys(names, 300.0))
        try:
            changing = operator.loop.tick()
            operator.reporter.publish(changing, refused_events={})
            began = time.monotonic()
            assert operator.outbox.flush(PATIENCE), "the outbox did not empty"
            told = time.monotonic() - began
            written = sum(pool.result is not None for pool in changing.pools)
            quiet = [operator.loop.tick().seconds for _ in range(QUIET_TICKS)]
        finally:
            operator.close()
    return (
        f"{pools:5d} pools: {changing.seconds:6.2f} s with {written} writes, "
        f"{median(quiet):6.3f} s quiet, {told:6.2f} s to tell all that is new"
    )


def main() -> None:
    """Print one line for each number of pools."""
    sizes = [int(argument) for argument in sys.argv[1:]] or [1, 100, 1000]
    with started() as plane:
        for pools in sizes:
            print(measure(plane, pools), flush=True)


if __name__ == "__main__":
    main()
