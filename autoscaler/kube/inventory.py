"""How many servers a workload says there are, from its status: no pod is listed for it. Pure."""

from autoscaler.kube.fields import Object, as_number
from autoscaler.ports.fleet import ServerCounts

READY = ("readyReplicas", "allocatedReplicas", "reservedReplicas")
"""Replicas that serve. An Agones Fleet counts those with a session apart from those without one."""


def server_counts(workload: Object, *, servers_per_replica: int) -> ServerCounts:
    """Return the counts of any scalable object, in servers.

    `status.replicas` are placed and pending replicas, without the terminating ones. An object
    counted in nodes (a static Karpenter NodePool) has `status.nodes` instead and does not say which
    are ready: all count as such.
    """
    status = workload.get("status", {})
    in_nodes = "nodes" in status
    existing = _count(status, "nodes" if in_nodes else "replicas")
    ready = existing if in_nodes else sum(_count(status, name) for name in READY)
    desired = as_number(workload.get("spec", {}).get("replicas"))
    return ServerCounts(
        desired=(existing if desired is None else desired) * servers_per_replica,
        existing=existing * servers_per_replica,
        ready=min(ready, existing) * servers_per_replica,
        terminating=_count(status, "terminatingReplicas") * servers_per_replica,
    )


def _count(status: Object, name: str) -> int:
    return as_number(status.get(name)) or 0
