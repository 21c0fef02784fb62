"""A namespace of the real API server with pools and targets, and an operator to look after it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from kubernetes import client as kube

from autoscaler.controller.loop import Loop
from autoscaler.controller.outbox import Outbox
from autoscaler.controller.reporter import Reporter
from autoscaler.controller.suppliers import Suppliers
from autoscaler.controller.tick import LinkTick, PoolTick, Tick
from autoscaler.engine.config import EngineConfig
from autoscaler.errors import UnavailableError
from autoscaler.kube.client import KubeClient
from autoscaler.kube.fleet import KubeFleet
from autoscaler.kube.rates import ObjectBandwidth
from autoscaler.kube.reports import KubeReports
from autoscaler.ports.fleet import Write, WriteResult
from autoscaler.resources.egresslink import ProviderType
from tests.autoscaler.controller.fakes import AtOnce, FakeDemand, MemoryJournal
from tests.servers.manifests import deployment
from tests.servers.process import until
from tests.servers.rest import Rest, RestError

if TYPE_CHECKING:
    from tests.servers.plane import ControlPlane

Json = dict[str, Any]
OURS = "/apis/meetscale.io/v1alpha1"
FLUSH = 20.0
ATTEMPTS = 20


def connect(plane: ControlPlane, *, token: str | None = None) -> KubeClient:
    """Return a client of the operator's kind."""
    configuration = kube.Configuration()
    configuration.host = plane.url
    configuration.ssl_ca_cert = str(plane.ca_file)
    configuration.api_key["authorization"] = f"Bearer {token or plane.admin_token}"
    return KubeClient(configuration)


class Cluster:
    """One namespace, emptied by whoever made it."""

    def __init__(self, plane: ControlPlane, namespace: str) -> None:
        self.plane, self.namespace = plane, namespace
        self._rest = Rest(plane)

    def path(self, root: str, resource: str, name: str = "") -> str:
        """Return where a namespaced object is served."""
        path = f"{root}/namespaces/{self.namespace}/{resource}"
        return f"{path}/{name}" if name else path

    def get(self, root: str, resource: str, name: str) -> Json:
        """Return an object."""
        return self._rest.request("GET", self.path(root, resource, name))

    def items(self, root: str, resource: str) -> list[Json]:
        """Return every object of a kind."""
        return self._rest.items(self.path(root, resource))

    def create(self, root: str, resource: str, body: Json) -> Json:
        """POST an object, as `kubectl create` does: its creator then owns every field."""
        return self._rest.request("POST", self.path(root, resource), body)

    def delete(self, root: str, resource: str, name: str) -> None:
        """Delete an object."""
        self._rest.request("DELETE", self.path(root, resource, name))

    def merge(self, root: str, resource: str, name: str, body: Json) -> Json:
        """Change an object, as `kubectl edit` does."""
        live = self.get(root, resource, name)
        _merge(live, body)
        return self._rest.request("PUT", self.path(root, resource, name), live)

    def exists(self, root: str, resource: str, name: str) -> bool:
        """Say whether there is such an object."""
        try:
            self.get(root, resource, name)
        except RestError as error:
            if error.status == 404:
                return False
            raise
        return True

    def pool(self, name: str = "eu", **spec: Any) -> Json:
        """Create a pool in mode Act that takes over the minReplicas of the HPA `sfu`."""
        body = {
            "mode": "Act",
            "demand": {"query": "participants"},
            "server": {"participants": 100},
            "target": hpa_target(),
            "minReplicas": 2,
            "maxReplicas": 100,
            **spec,
        }
        return self.create(
            OURS,
            "sfupools",
            {
                "apiVersion": "meetscale.io/v1alpha1",
                "kind": "SFUPool",
                "metadata": {"name": name},
                "spec": body,
            },
        )

    def status(self, name: str = "eu") -> Json:
        """Return a pool's status."""
        status: Json = self.get(OURS, "sfupools", name).get("status", {})
        return status

    def condition(self, type_: str, name: str = "eu") -> tuple[str, str]:
        """Return status and reason of a pool's condition."""
        one = next(one for one in self.status(name)["conditions"] if one["type"] == type_)
        return one["status"], one["reason"]

    def deployment(self, name: str = "sfu", *, replicas: int = 2) -> Json:
        """Create a Deployment; nothing plays its kubelets, so its pods stay pending."""
        return self.create(APPS, "deployments", deployment(name, self.namespace, replicas=replicas))

    def stateful_set(self, name: str) -> Json:
        """Create a StatefulSet of one; no controller makes its pods."""
        body = deployment(name, self.namespace, replicas=1)
        return self.create(APPS, "statefulsets", body | {"kind": "StatefulSet"})

    def hpa(self, name: str = "sfu", *, scales: str = "sfu", **spec: Any) -> Json:
        """Create an HPA from 2 to 50 without metrics that exist: only its minimum moves it."""
        return self.create(
            AUTOSCALING,
            "horizontalpodautoscalers",
            {
                "apiVersion": "autoscaling/v2",
                "kind": "HorizontalPodAutoscaler",
                "metadata": {"name": name},
                "spec": {
                    "minReplicas": 2,
                    "maxReplicas": 50,
                    "scaleTargetRef": {
                        "apiVersion": "apps/v1",
                        "kind": "Deployment",
                        "name": scales,
                    },
                    **spec,
                },
            },
        )

    def buffer(self, name: str = "warm") -> Json:
        """Apply a CapacityBuffer without a number of chunks, so that nobody owns it."""
        template = {"apiVersion": "v1", "kind": "PodTemplate", "metadata": {"name": name}}
        spec = {"containers": [{"name": "chunk", "image": "chunk"}]}
        self.create("/api/v1", "podtemplates", {**template, "template": {"spec": spec}})
        return self.create(
            BUFFERS,
            "capacitybuffers",
            {
                "apiVersion": "autoscaling.x-k8s.io/v1beta1",
                "kind": "CapacityBuffer",
                "metadata": {"name": name},
                "spec": {"podTemplateRef": {"name": name}, "replicas": 0},
            },
        )

    def scaled_object(self, changes: Json) -> Json:
        """Create a ScaledObject for the Deployment `sfu`."""
        body: Json = {
            "apiVersion": "keda.sh/v1alpha1",
            "kind": "ScaledObject",
            "metadata": {"name": "sfu"},
            "spec": {"scaleTargetRef": {"name": "sfu"}, "minReplicaCount": 2},
        }
        _merge(body, changes)
        return self.create(KEDA, "scaledobjects", body)

    def await_replicas(self, name: str, count: int) -> None:
        """Wait until a Deployment's status counts so many replicas."""
        until(
            lambda: self.get(APPS, "deployments", name)["status"].get("replicas") == count,
            what=f"{count} replicas of {name}",
        )

    def tell_apart(self) -> None:
        """Wait until whatever is created next is older by its timestamp, which counts seconds."""
        time.sleep(1.1)


APPS, AUTOSCALING, EVENTS = "/apis/apps/v1", "/apis/autoscaling/v2", "/apis/events.k8s.io/v1"
BUFFERS, KEDA = "/apis/autoscaling.x-k8s.io/v1beta1", "/apis/keda.sh/v1alpha1"


def hpa_target(**changes: Any) -> Json:
    """Return an HPA target that may be taken over."""
    return {
        "group": "autoscaling",
        "version": "v2",
        "resource": "horizontalpodautoscalers",
        "name": "sfu",
        "semantics": "Floor",
        "fieldPath": "/spec/minReplicas",
        "adopt": "Force",
        **changes,
    }


def buffer_target(semantics: str) -> Json:
    """Return a CapacityBuffer that may be taken over."""
    return {
        "group": "autoscaling.x-k8s.io",
        "version": "v1beta1",
        "resource": "capacitybuffers",
        "name": "warm",
        "semantics": semantics,
        "fieldPath": "/spec/replicas",
        "adopt": "Force",
    }


def workload(resource: str, name: str) -> Json:
    """Return a reference to what counts servers."""
    return {"group": "apps", "version": "v1", "resource": resource, "name": name}


def scale_target(**changes: Any) -> Json:
    """Return a Deployment as a size; a change to None leaves a field out."""
    body = {
        "group": "apps",
        "version": "v1",
        "resource": "deployments",
        "name": "sfu",
        "semantics": "Size",
        "subresource": "scale",
        "adopt": "Force",
        **changes,
    }
    return {key: value for key, value in body.items() if value is not None}


class RealClock:
    """The machine's, moved on by as much as a test says."""

    def __init__(self) -> None:
        self.ahead = 0

    def now(self) -> int:
        return int(time.time()) + self.ahead

    def monotonic(self) -> float:
        return time.monotonic()


class Operator:
    """The operator's loop and reporter on the real API server, with demand from memory."""

    def __init__(self, client: KubeClient, namespace: str, **participants: float) -> None:
        self.demand = FakeDemand()
        self.namespace = namespace
        self.sees(**participants)
        self.clock = RealClock()
        self.outbox = Outbox()
        self.fleet = KubeFleet(client, namespaces=[namespace], slow_seconds=0)
        self.loop = Loop(
            fleet=self.fleet,
            demand=self.demand,
            forecasts=None,
            journal=MemoryJournal(),
            clock=self.clock,
            config=EngineConfig(forecasting=False),
            is_leader=lambda: True,
            suppliers=Suppliers({ProviderType.OBJECT: ObjectBandwidth(client)}, AtOnce()),
        )
        self.reporter = Reporter(KubeReports(client, instance="test"), self.outbox, self.loop.plans)
        self.outbox.start()

    def sees(self, **participants: float) -> None:
        """Set the demand by pool name."""
        self.demand.participants = {
            f"{self.namespace}/{name}": value for name, value in participants.items()
        }

    def before_writes(self, happens: Callable[[], object]) -> None:
        """Let something happen between the list and the next write."""
        write = self.fleet.write

        def late(
            writes: Sequence[Write], *, may_write: Callable[[], bool]
        ) -> Sequence[WriteResult]:
            happens()
            return write(writes, may_write=may_write)

        self.fleet.write = late  # type: ignore[method-assign]

    def tick(self) -> Tick:
        """Do one tick and wait until everything is told."""
        tick = self._listed()
        self.reporter.publish(tick, refused_events=self.loop.agenda.refused)
        assert self.outbox.flush(FLUSH), "the outbox did not empty"
        return tick

    def _listed(self) -> Tick:
        """Tick as the operator does: an API server that starts anew answers at the next one."""
        for _ in range(ATTEMPTS):
            try:
                return self.loop.tick()
            except UnavailableError:
                time.sleep(0.5)
        return self.loop.tick()

    def pool(self, name: str = "eu") -> PoolTick:
        """Do one tick and return what it was for a pool."""
        key = f"{self.namespace}/{name}"
        return next(pool for pool in self.tick().pools if pool.snapshot.key == key)

    def link(self) -> LinkTick:
        """Do one tick, half a minute after the last, and return what it was for the only link."""
        self.clock.ahead += 31
        (link,) = self.tick().links
        return link

    def close(self) -> None:
        """End the threads."""
        self.outbox.close(1.0)
        self.fleet.close()


def _merge(into: Json, changes: Json) -> None:
    for key, value in changes.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        elif value is None:
            into.pop(key, None)
        else:
            into[key] = value
