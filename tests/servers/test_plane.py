"""The control plane that other tests run on does what they take for granted."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import urllib3
from kubernetes import client as kube
from kubernetes.dynamic.exceptions import ForbiddenError

from tests.servers.delays import constant, lognormal
from tests.servers.errors import ServerError
from tests.servers.manifests import deployment
from tests.servers.process import until

if TYPE_CHECKING:
    from tests.servers.kubelet import Kubelet
    from tests.servers.plane import ControlPlane

pytestmark = pytest.mark.plane


def test_it_is_kubernetes_1_36_2(plane: ControlPlane) -> None:
    assert kube.VersionApi(plane.api_client()).get_code().git_version == "v1.36.2"


def test_a_service_account_has_the_rights_that_rbac_gives_and_no_others(
    plane: ControlPlane, namespace: str
) -> None:
    where = {"name": "reader", "namespace": namespace}
    rbac = "rbac.authorization.k8s.io"
    rules = [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["list"]}]
    plane.apply(
        [
            {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": where},
            {"apiVersion": f"{rbac}/v1", "kind": "Role", "metadata": where, "rules": rules},
            {
                "apiVersion": f"{rbac}/v1",
                "kind": "RoleBinding",
                "metadata": where,
                "roleRef": {"apiGroup": rbac, "kind": "Role", "name": "reader"},
                "subjects": [{"kind": "ServiceAccount", **where}],
            },
        ]
    )
    reader = plane.client(plane.token_for(namespace, "reader"))

    allowed = reader.resources.get(api_version="v1", kind="ConfigMap").get(namespace=namespace)
    assert allowed.kind == "ConfigMapList"
    with pytest.raises(ForbiddenError, match=rf"system:serviceaccount:{namespace}:reader"):
        reader.resources.get(api_version="v1", kind="Secret").get(namespace=namespace)


def test_a_person_acts_under_a_name_of_their_own(plane: ControlPlane, namespace: str) -> None:
    ann = plane.user("ann", group="sre")
    review = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
    who = ann.resources.get(api_version=review["apiVersion"], kind=review["kind"])

    info = who.create(body=review).status.userInfo
    assert info.username == "ann"
    assert "sre" in info.groups
    with pytest.raises(ForbiddenError, match="cannot list resource"):
        ann.resources.get(api_version="v1", kind="ConfigMap").get(namespace=namespace)


def test_pods_of_a_deployment_are_scheduled_turn_ready_and_end(
    plane: ControlPlane, namespace: str, kubelet: Kubelet
) -> None:
    kubelet.start(node_delay=constant(0.5), pod_delay=lognormal(median=0.5, sigma=0.5), seed=3)
    kubelet.add_nodes(2)
    plane.apply([deployment("sfu", namespace, replicas=3)])
    deployments = plane.client().resources.get(api_version="apps/v1", kind="Deployment")

    def ready() -> int:
        return deployments.get(name="sfu", namespace=namespace).status.readyReplicas or 0

    until(lambda: ready() == 3, what="3 pods ready", timeout=30)
    lives = list(kubelet.pods.values())
    assert {life.node for life in lives} <= {"node-1", "node-2"}
    assert all(life.ready is not None and life.ready >= life.due for life in lives)
    assert all(kubelet.nodes[life.node].due <= life.scheduled for life in lives)

    plane.apply([deployment("sfu", namespace, replicas=1)])
    until(lambda: sum(life.gone is not None for life in lives) == 2, what="2 ended", timeout=15)


def test_the_horizontal_pod_autoscaler_raises_a_deployment_to_its_floor(
    plane: ControlPlane, namespace: str
) -> None:
    plane.apply(
        [
            deployment("sfu", namespace, replicas=1),
            {
                "apiVersion": "autoscaling/v2",
                "kind": "HorizontalPodAutoscaler",
                "metadata": {"name": "sfu", "namespace": namespace},
                "spec": {
                    "scaleTargetRef": {
                        "apiVersion": "apps/v1",
                        "kind": "Deployment",
                        "name": "sfu",
                    },
                    "minReplicas": 5,
                    "maxReplicas": 10,
                },
            },
        ]
    )
    deployments = plane.client().resources.get(api_version="apps/v1", kind="Deployment")

    def size() -> int:
        return int(deployments.get(name="sfu", namespace=namespace).spec.replicas)

    until(lambda: size() == 5, what="the floor of 5", timeout=40)


def test_a_killed_api_server_refuses_and_a_paused_one_hangs(
    plane: ControlPlane, namespace: str
) -> None:
    version = kube.VersionApi(plane.api_client())

    with plane.api_killed(), pytest.raises(urllib3.exceptions.HTTPError, match="refused"):
        version.get_code(_request_timeout=1)

    with plane.api_paused():
        asked = time.monotonic()
        with pytest.raises(urllib3.exceptions.HTTPError, match="timed out"):
            version.get_code(_request_timeout=1)
        assert 0.9 < time.monotonic() - asked < 2.0  # not multiplied by retries

    assert version.get_code().git_version == "v1.36.2"


def test_kubectl_speaks_to_the_plane(plane: ControlPlane) -> None:
    assert (
        plane.kubectl("get", "namespace", "kube-system", "-o", "name") == "namespace/kube-system\n"
    )
    with pytest.raises(ServerError, match="kubectl get nonsense"):
        plane.kubectl("get", "nonsense")
