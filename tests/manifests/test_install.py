from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.autoscaler.resources.samples import MANIFESTS
from tests.manifests.shipped import built, of_kind

if TYPE_CHECKING:
    from kubernetes.dynamic import DynamicClient

    from tests.servers.plane import ControlPlane

pytestmark = pytest.mark.plane


@pytest.mark.parametrize("folder", ["base", "overlays/act"])
def test_the_api_server_takes_every_object(
    admin: DynamicClient, plane: ControlPlane, folder: str
) -> None:
    plane.apply(of_kind(built(plane, folder), "Namespace"))

    said = plane.kubectl(
        "apply", "--server-side", "--dry-run=server", "-k", str(MANIFESTS / folder)
    )

    assert len(said.splitlines()) == len(built(plane, folder))


def test_the_overlay_adds_rights_and_nothing_else(plane: ControlPlane) -> None:
    base, act = built(plane, "base"), built(plane, "overlays/act")

    added = [each for each in act if each not in base]

    assert all(each in act for each in base)
    assert [(each["kind"], each["metadata"]["name"]) for each in added] == [
        ("ClusterRole", "meetscale-act"),
        ("ClusterRole", "meetscale-act-links"),
        ("ClusterRole", "meetscale-release"),
        ("ClusterRoleBinding", "meetscale-act"),
        ("ClusterRoleBinding", "meetscale-act-links"),
        ("ClusterRoleBinding", "meetscale-release"),
    ]


def test_the_pod_is_admitted_where_pod_security_is_restricted(
    admin: DynamicClient, plane: ControlPlane
) -> None:
    objects = built(plane, "base")
    plane.apply(of_kind(objects, "Namespace", "ServiceAccount"))
    (deployment,) = of_kind(objects, "Deployment")
    template = deployment["spec"]["template"]
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {**template["metadata"], "name": "meetscale"},
        "spec": template["spec"],
    }
    pods = admin.resources.get(api_version="v1", kind="Pod")
    namespace = deployment["metadata"]["namespace"]

    assert pods.create(body=pod, namespace=namespace, dry_run="All")

    pod["spec"]["containers"][0]["securityContext"]["allowPrivilegeEscalation"] = True
    with pytest.raises(Exception, match="violates PodSecurity"):
        pods.create(body=pod, namespace=namespace, dry_run="All")


def test_requests_of_the_operator_are_served_first(
    admin: DynamicClient, plane: ControlPlane
) -> None:
    objects = built(plane, "base")
    schemas = of_kind(objects, "FlowSchema")
    plane.apply(
        of_kind(objects, "Namespace", "ServiceAccount", "ClusterRole", "ClusterRoleBinding")
        + of_kind(objects, "Role", "RoleBinding")
        + schemas
    )
    token = plane.token_for("meetscale-system", "meetscale")
    api = plane.api_client(token)
    uids = {each["metadata"]["name"]: _uid(admin, each["metadata"]["name"]) for each in schemas}

    def schema_of(path: str) -> str:
        answer = api.call_api(
            "GET",
            f"{plane.url}{path}",
            header_params={**api.default_headers, "Authorization": f"Bearer {token}"},
        )
        answer.read()
        return str(answer.getheader("X-Kubernetes-Pf-Flowschema-Uid"))

    from tests.servers.process import until

    pools = "/apis/meetscale.io/v1alpha1/sfupools"
    lease = "/apis/coordination.k8s.io/v1/namespaces/meetscale-system/leases/meetscale-leader"
    until(lambda: schema_of(pools) == uids["meetscale"], what="the operator's own flow schema")
    assert schema_of(lease) == uids["meetscale-lease"]


def _uid(admin: DynamicClient, name: str) -> str:
    schemas = admin.resources.get(api_version="flowcontrol.apiserver.k8s.io/v1", kind="FlowSchema")
    return str(schemas.get(name=name).metadata.uid)
