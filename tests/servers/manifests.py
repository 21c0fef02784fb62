"""Objects that many tests need, as small as the API server takes them."""

from __future__ import annotations

from typing import Any

Manifest = dict[str, Any]

INSTANCE = "c-16x-amd64-linux"
"""The instance type of the tests' nodes: 16 vCPU, so that one 12-vCPU server fits."""

CHUNK_PORT = 7999


def deployment(
    name: str,
    namespace: str,
    *,
    replicas: int,
    cpu: str = "100m",
    grace_seconds: int = 1,
    pool: str | None = None,
    labels: dict[str, str] | None = None,
) -> Manifest:
    """Return a Deployment whose pods are labelled `app: NAME` and ask for `cpu` each.

    With `pool` they run on the nodes of that NodePool only; `labels` are further ones of the pods.
    """
    selected = {"app": name}
    container = {"name": "server", "image": "sfu", "resources": {"requests": {"cpu": cpu}}}
    pod: Manifest = {"terminationGracePeriodSeconds": grace_seconds, "containers": [container]}
    if pool is not None:
        pod["nodeSelector"] = {"karpenter.sh/nodepool": pool}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": selected},
            "template": {"metadata": {"labels": {**selected, **(labels or {})}}, "spec": pod},
        },
    }


def node_pool(
    name: str,
    *,
    boot_seconds: int = 1,
    instance: str = INSTANCE,
    consolidation: str = "WhenEmpty",
    consolidate_after: str = "20s",
) -> list[Manifest]:
    """Return a Karpenter NodePool of one node shape, and its class.

    A node registers `boot_seconds` after it was ordered (the played kubelet's delay comes on top);
    nodes go one by one, empty ones and after 20 seconds unless said otherwise.
    """
    boots = {"nodeRegistrationDelay": f"{boot_seconds}s"}
    shape = {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": [instance]}
    node = {
        "nodeClassRef": {"group": "karpenter.kwok.sh", "kind": "KWOKNodeClass", "name": name},
        "requirements": [shape],
        "expireAfter": "Never",
    }
    return [
        {
            "apiVersion": "karpenter.kwok.sh/v1alpha1",
            "kind": "KWOKNodeClass",
            "metadata": {"name": name},
            "spec": boots,
        },
        {
            "apiVersion": "karpenter.sh/v1",
            "kind": "NodePool",
            "metadata": {"name": name},
            "spec": {
                "template": {"spec": node},
                "disruption": {
                    "consolidationPolicy": consolidation,
                    "consolidateAfter": consolidate_after,
                },
            },
        },
    ]


def capacity_buffer(
    name: str,
    namespace: str,
    *,
    replicas: int,
    pool: str,
    cpu: str = "12",
    one_per_node: bool = False,
) -> list[Manifest]:
    """Return a CapacityBuffer on the NodePool `pool`, and the PodTemplate of its chunk.

    A server-shaped chunk of `cpu` makes the buffer headroom; `one_per_node` makes the chunk tiny
    and never twice on one node, and the buffer a floor of nodes.
    """
    requests = {"cpu": "10m" if one_per_node else cpu}
    container: Manifest = {"name": "chunk", "image": "none", "resources": {"requests": requests}}
    if one_per_node:
        container["ports"] = [{"containerPort": CHUNK_PORT, "hostPort": CHUNK_PORT}]
    chunk = {"nodeSelector": {"karpenter.sh/nodepool": pool}, "containers": [container]}
    where = {"name": name, "namespace": namespace}
    return [
        {
            "apiVersion": "v1",
            "kind": "PodTemplate",
            "metadata": where,
            "template": {"metadata": {"labels": {"app": f"{name}-chunk"}}, "spec": chunk},
        },
        {
            "apiVersion": "autoscaling.x-k8s.io/v1beta1",
            "kind": "CapacityBuffer",
            "metadata": where,
            "spec": {"podTemplateRef": {"name": name}, "replicas": replicas},
        },
    ]


def scaled_objects() -> Manifest:
    """Return KEDA's ScaledObjects with a schema that keeps everything: KEDA itself is not here."""
    return _anything("keda.sh", "v1alpha1", "scaledobjects", "ScaledObject")


def transits() -> Manifest:
    """Return objects that hold the rate of a link."""
    return _anything("net.example.com", "v1", "transits", "Transit")


def _anything(group: str, served: str, plural: str, kind: str) -> Manifest:
    anything = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    schema = {"type": "object", "properties": {"spec": anything, "status": anything}}
    version = {
        "name": served,
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": schema},
    }
    names = {"plural": plural, "singular": kind.lower(), "kind": kind}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": names,
            "versions": [version],
        },
    }
