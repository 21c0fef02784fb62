"""The `Lease` port on a Lease of coordination.k8s.io, beside the operator's other objects."""

import math
from typing import Any

from autoscaler.errors import NotFoundError
from autoscaler.kube.client import KubeClient
from autoscaler.kube.discovery import Kind
from autoscaler.kube.events import micro_time
from autoscaler.kube.fields import Object
from autoscaler.ports.lease import LeaseRecord
from autoscaler.ports.reports import Subject

LEASES = Kind("coordination.k8s.io", "v1", "leases")
NAME = "meetscale-leader"
"""The operator's rights name it."""
TIMEOUT = (1.5, 2.5)
"""Seconds to connect and to answer: two attempts fit into what a lease is valid without one."""
GIVEN_BACK_SECONDS = 1
"""As client-go does: an API server takes no zero."""


class KubeLease:
    """Reads and changes the lease; every change carries the revision that was seen."""

    def __init__(self, client: KubeClient, *, namespace: str) -> None:
        """`client` is this one's own: a lease must not wait for anybody else's requests."""
        self._client = client
        self._namespace = namespace
        self._path = LEASES.path(namespace, NAME)

    def read(self) -> LeaseRecord | None:
        """Return what it says; None: there is none yet."""
        try:
            return _record(self._client.get(self._path))
        except NotFoundError:
            return None

    def take(
        self, seen: LeaseRecord | None, *, holder: str, seconds: float, now: int
    ) -> LeaseRecord:
        """Become its holder, if it is still as it was seen."""
        spec: dict[str, Any] = {
            "holderIdentity": holder,
            "leaseDurationSeconds": math.ceil(seconds),
            "leaseTransitions": 0 if seen is None else seen.transitions + 1,
            "acquireTime": micro_time(now),
            "renewTime": micro_time(now),
        }
        if seen is not None:
            return self._change(seen, spec)
        body = {
            "apiVersion": "coordination.k8s.io/v1",
            "kind": "Lease",
            "metadata": {
                "name": NAME,
                "labels": {"app.kubernetes.io/managed-by": "meetscale"},
            },
            "spec": spec,
        }
        return _record(self._client.create(LEASES.path(self._namespace), body))

    def renew(self, seen: LeaseRecord, *, now: int) -> LeaseRecord:
        """Say that its holder goes on, if it is still as it was seen."""
        return self._change(seen, {"renewTime": micro_time(now)})

    def give_back(self, seen: LeaseRecord, *, now: int) -> None:
        """Let whoever waits take it at once, if it is still as it was seen."""
        spec = {"holderIdentity": "", "leaseDurationSeconds": GIVEN_BACK_SECONDS}
        self._change(seen, {**spec, "renewTime": micro_time(now)})

    def subject(self, record: LeaseRecord) -> Subject:
        """Return what an event about the lease regards."""
        return Subject(
            api_version="coordination.k8s.io/v1",
            resource=LEASES.resource,
            kind="Lease",
            namespace=self._namespace,
            name=NAME,
            uid=record.uid,
            generation=0,
        )

    def _change(self, seen: LeaseRecord, spec: dict[str, Any]) -> LeaseRecord:
        metadata = {"uid": seen.uid, "resourceVersion": seen.revision}
        return _record(self._client.merge(self._path, {"metadata": metadata, "spec": spec}))


def _record(body: Object) -> LeaseRecord:
    metadata, spec = body["metadata"], body.get("spec") or {}
    return LeaseRecord(
        uid=metadata["uid"],
        revision=metadata["resourceVersion"],
        holder=spec.get("holderIdentity") or "",
        seconds=float(spec.get("leaseDurationSeconds") or 0),
        transitions=int(spec.get("leaseTransitions") or 0),
    )
