"""Connecting as people do, and as a pod does, to a real API server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from kubernetes.config import incluster_config

from autoscaler.errors import KubernetesError
from autoscaler.kube import client
from autoscaler.kube.client import connect

if TYPE_CHECKING:
    from tests.servers.plane import ControlPlane

VERSION = "/version"
PODS = "/api/v1/pods"


@pytest.mark.plane
def test_a_kubeconfig_says_where_and_as_whom(plane: ControlPlane) -> None:
    assert connect(plane.admin_kubeconfig).get(PODS)["kind"] == "PodList"


@pytest.mark.plane
def test_a_pod_connects_by_its_mounted_token(
    plane: ControlPlane, namespace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = {"apiVersion": "v1", "kind": "ServiceAccount"}
    plane.apply([{**account, "metadata": {"name": "someone", "namespace": namespace}}])
    token = tmp_path / "token"
    token.write_text(plane.token_for(namespace, "someone"), encoding="utf-8")
    host, port = plane.url.removeprefix("https://").split(":")
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", host)
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", port)
    monkeypatch.setattr(client, "POD_TOKEN", token)
    monkeypatch.setattr(incluster_config, "SERVICE_TOKEN_FILENAME", str(token))
    monkeypatch.setattr(incluster_config, "SERVICE_CERT_FILENAME", str(plane.ca_file))

    connected = connect(None)

    assert connected.get(VERSION)["major"] == "1"
    with pytest.raises(KubernetesError, match=f"system:serviceaccount:{namespace}:someone"):
        connected.get(PODS)


def test_a_kubeconfig_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(KubernetesError, match=f"kubeconfig {tmp_path}/none"):
        connect(tmp_path / "none")
