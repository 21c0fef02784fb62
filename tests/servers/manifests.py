"""Objects that many tests need, as small as the API server takes them."""

from __future__ import annotations

from typing import Any

Manifest = dict[str, Any]


def deployment(
    name: str, namespace: str, *, replicas: int, cpu: str = "100m", grace_seconds: int = 1
) -> Manifest:
    """Return a Deployment whose pods are labelled `app: NAME` and ask for `cpu` each."""
    labels = {"app": name}
    container = {"name": "server", "image": "sfu", "resources": {"requests": {"cpu": cpu}}}
    pod = {"terminationGracePeriodSeconds": grace_seconds, "containers": [container]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        },
    }
