from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pytest

from tests.autoscaler.resources.samples import sample
from tests.manifests.api import MERGE, RefusedError, create

if TYPE_CHECKING:
    from kubernetes.dynamic import DynamicClient

    from tests.servers.plane import ControlPlane

pytestmark = pytest.mark.plane

RBAC_KINDS = ("ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")
OURS = "/apis/meetscale.io/v1alpha1"
TEAM = "/namespaces/sfu"
HPA = f"/apis/autoscaling/v2{TEAM}/horizontalpodautoscalers"
DEPLOYMENTS = f"/apis/apps/v1{TEAM}/deployments"
BUDGETS = f"/apis/policy/v1{TEAM}/poddisruptionbudgets"
LEASES = "/apis/coordination.k8s.io/v1/namespaces/OWN/leases"
CONFIG_MAPS = "/api/v1/namespaces/OWN/configmaps"

READS = (
    *(f"{OURS}/{kind}" for kind in ("sfupools", "egresslinks", "demandevents", "capacityplans")),
    "/apis/autoscaling/v2/horizontalpodautoscalers",
    "/apis/apps/v1/deployments",
    "/apis/apps/v1/statefulsets",
    "/apis/autoscaling.x-k8s.io/v1beta1/capacitybuffers",
    "/apis/keda.sh/v1alpha1/scaledobjects",
    "/apis/karpenter.sh/v1/nodepools",
    "/apis/cluster.x-k8s.io/v1beta2/machinedeployments",
    "/apis/agones.dev/v1/fleets",
)
TARGETS = (
    f"{HPA}/x",
    f"{DEPLOYMENTS}/x/scale",
    f"/apis/apps/v1{TEAM}/statefulsets/x/scale",
    f"/apis/autoscaling.x-k8s.io/v1beta1{TEAM}/capacitybuffers/x",
    f"/apis/keda.sh/v1alpha1{TEAM}/scaledobjects/x",
    "/apis/karpenter.sh/v1/nodepools/x/scale",
    f"/apis/cluster.x-k8s.io/v1beta2{TEAM}/machinedeployments/x",
    f"/apis/cluster.x-k8s.io/v1beta2{TEAM}/machinedeployments/x/scale",
    f"/apis/cluster.x-k8s.io/v1beta2{TEAM}/machinepools/x/scale",
    f"/apis/agones.dev/v1{TEAM}/fleets/x/scale",
)
RELEASES = (
    ("get", "/api/v1/pods"),
    ("patch", f"/api/v1{TEAM}/pods/x"),
    ("get", "/apis/policy/v1/poddisruptionbudgets"),
    ("post", BUDGETS),
    ("patch", f"{BUDGETS}/x"),
    ("delete", f"{BUDGETS}/x"),
)
REPORTS = (
    *(
        ("patch", f"{OURS}{TEAM}/{kind}/x/status")
        for kind in ("sfupools", "egresslinks", "demandevents", "capacityplans")
    ),
    ("post", f"/apis/events.k8s.io/v1{TEAM}/events"),
    ("post", LEASES),
    ("get", f"{LEASES}/meetscale-leader"),
    ("patch", f"{LEASES}/meetscale-leader"),
    ("put", f"{LEASES}/meetscale-leader"),
    ("post", CONFIG_MAPS),
    ("get", f"{CONFIG_MAPS}/meetscale-state-pools-0"),
    ("patch", f"{CONFIG_MAPS}/meetscale-state-forecast-7"),
)
NEVER = (
    ("get", "/api/v1/secrets"),
    ("get", f"/api/v1{TEAM}/pods/x"),
    ("delete", f"/api/v1{TEAM}/pods/x"),
    ("post", f"/api/v1{TEAM}/pods/x/eviction"),
    ("get", f"{BUDGETS}/x"),
    ("get", "/api/v1/nodes"),
    ("get", LEASES),
    ("patch", f"{LEASES}/another"),
    ("post", f"/apis/coordination.k8s.io/v1{TEAM}/leases"),
    ("get", f"{CONFIG_MAPS}/another"),
    ("get", CONFIG_MAPS),
    ("get", f"/api/v1{TEAM}/configmaps/meetscale-state-pools-0"),
    ("patch", f"{OURS}{TEAM}/sfupools/x"),
    ("post", f"{OURS}{TEAM}/sfupools"),
    ("patch", f"{OURS}{TEAM}/capacityplans/x"),
    ("delete", f"{OURS}{TEAM}/capacityplans"),
    ("put", f"{HPA}/x"),
    ("post", HPA),
    ("delete", f"{HPA}/x"),
    ("patch", f"{DEPLOYMENTS}/x"),
    ("delete", f"{DEPLOYMENTS}/x"),
    ("patch", "/apis/karpenter.sh/v1/nodepools/x"),
    ("patch", "/apis/rbac.authorization.k8s.io/v1/clusterroles/x"),
    ("post", f"/api/v1{TEAM}/serviceaccounts/meetscale/token"),
)


@pytest.fixture(scope="module")
def accounts(
    admin: DynamicClient,
    plane: ControlPlane,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Mapping[str, tuple[DynamicClient, str]]]:
    """The shipped ServiceAccount of base and of overlays/act, each with its own namespace."""
    from tests.manifests.shipped import of_kind, variant
    from tests.servers.namespaces import temporary_namespace

    with contextlib.ExitStack() as stack:
        found = {}
        for folder in ("base", "overlays/act"):
            namespace = stack.enter_context(temporary_namespace(plane, "rbac"))
            scratch = tmp_path_factory.mktemp("overlay")
            objects = of_kind(variant(plane, scratch, folder, namespace=namespace), *RBAC_KINDS)
            plane.apply(objects)
            for each in objects:
                if each["kind"].startswith("Cluster"):
                    api = admin.resources.get(api_version=each["apiVersion"], kind=each["kind"])
                    stack.callback(api.delete, name=each["metadata"]["name"])
            token = plane.token_for(namespace, f"meetscale-{namespace}")
            found[folder] = (plane.client(token), namespace)
        yield found


def allowed(account: tuple[DynamicClient, str], method: str, path: str) -> bool:
    """Whether the API server lets the account try this (what it asks for may not be there)."""
    from kubernetes.dynamic.exceptions import DynamicApiError

    client, own = account
    options = {} if method == "get" else {"dry_run": "All", "body": {}}
    if method == "patch":
        options["content_type"] = MERGE
    try:
        client.request(method, path.replace("OWN", own), **options)
    except DynamicApiError as error:
        return bool(error.status != 403)
    return True


@pytest.mark.parametrize("folder", ["base", "overlays/act"])
@pytest.mark.parametrize("path", READS)
def test_the_operator_reads_its_resources_and_their_targets(
    accounts: Mapping[str, tuple[DynamicClient, str]], folder: str, path: str
) -> None:
    assert allowed(accounts[folder], "get", path)


@pytest.mark.parametrize("folder", ["base", "overlays/act"])
@pytest.mark.parametrize(("method", "path"), REPORTS)
def test_the_operator_reports_and_keeps_its_own(
    accounts: Mapping[str, tuple[DynamicClient, str]], folder: str, method: str, path: str
) -> None:
    assert allowed(accounts[folder], method, path)


@pytest.mark.parametrize("path", TARGETS)
def test_base_writes_no_target_and_the_overlay_does(
    accounts: Mapping[str, tuple[DynamicClient, str]], path: str
) -> None:
    assert not allowed(accounts["base"], "patch", path)
    assert allowed(accounts["overlays/act"], "patch", path)


@pytest.mark.parametrize(("method", "path"), RELEASES)
def test_servers_are_released_by_the_overlay_only(
    accounts: Mapping[str, tuple[DynamicClient, str]], method: str, path: str
) -> None:
    assert not allowed(accounts["base"], method, path)
    assert allowed(accounts["overlays/act"], method, path)


@pytest.mark.parametrize("folder", ["base", "overlays/act"])
@pytest.mark.parametrize(("method", "path"), NEVER)
def test_nothing_else_is_allowed_to_either(
    accounts: Mapping[str, tuple[DynamicClient, str]], folder: str, method: str, path: str
) -> None:
    assert not allowed(accounts[folder], method, path)


def test_a_floor_is_written_by_the_overlay_only(
    admin: DynamicClient, accounts: Mapping[str, tuple[DynamicClient, str]], namespace: str
) -> None:
    from kubernetes.dynamic.exceptions import ForbiddenError

    hpa = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "sfu"},
        "spec": {
            "minReplicas": 6,
            "maxReplicas": 60,
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "sfu"},
        },
    }
    create(admin, hpa, namespace)
    path = f"/apis/autoscaling/v2/namespaces/{namespace}/horizontalpodautoscalers/sfu"
    floor = {"spec": {"minReplicas": 9}}

    observing, _ = accounts["base"]
    with pytest.raises(ForbiddenError, match="cannot patch resource"):
        observing.request("patch", path, body=floor, content_type=MERGE)
    assert admin.request("get", path).spec.minReplicas == 6

    acting, _ = accounts["overlays/act"]
    acting.request("patch", path, body=floor, content_type=MERGE)
    assert admin.request("get", path).spec.minReplicas == 9


def test_a_links_object_is_written_by_who_was_given_its_kind(
    admin: DynamicClient,
    plane: ControlPlane,
    accounts: Mapping[str, tuple[DynamicClient, str]],
) -> None:
    from tests.servers.process import until

    path = f"/apis/net.example.com/v1{TEAM}/transits/euw1"
    assert not allowed(accounts["overlays/act"], "patch", path)
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {
            "name": "meetscale-transits",
            "labels": {"meetscale.io/link-objects": "true"},
        },
        "rules": [
            {"apiGroups": ["net.example.com"], "resources": ["transits"], "verbs": ["get", "patch"]}
        ],
    }
    plane.apply([role])

    until(lambda: allowed(accounts["overlays/act"], "patch", path), what="the role is added")

    assert allowed(accounts["overlays/act"], "get", path)
    assert not allowed(accounts["overlays/act"], "delete", path)
    assert not allowed(accounts["base"], "patch", path)


def test_plans_are_proposed_and_deleted_by_the_overlay_only(
    accounts: Mapping[str, tuple[DynamicClient, str]], namespace: str
) -> None:
    observing, _ = accounts["base"]
    with pytest.raises(RefusedError, match="cannot create resource"):
        create(observing, sample("capacityplan"), namespace)

    acting, _ = accounts["overlays/act"]
    assert create(acting, sample("capacityplan"), namespace)
    path = f"{OURS}/namespaces/{namespace}/capacityplans/x"
    assert not allowed(accounts["base"], "delete", path)
    assert allowed(accounts["overlays/act"], "delete", path)
