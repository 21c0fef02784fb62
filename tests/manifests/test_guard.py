"""`release.guard` on a real API server: who may delete, evict and label a server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pytest

from tests.autoscaler.resources.samples import sample
from tests.manifests.api import MERGE, Object, create
from tests.manifests.rights import binding, may

if TYPE_CHECKING:
    from kubernetes.dynamic import DynamicClient

    from tests.servers.plane import ControlPlane

pytestmark = pytest.mark.plane

GUARDED, FREE, GONE = "guarded", "free", "gone"
POOL, RELEASED = "meetscale.io/pool", "meetscale.io/released"
SYSTEM = "system:serviceaccount:kube-system:"
OPERATOR = "system:serviceaccount:meetscale-system:meetscale"
PODS = ["get", "create", "update", "patch", "delete"]


@pytest.fixture(scope="module")
def people(
    admin: DynamicClient, plane: ControlPlane, shared_namespace: str
) -> Iterator[Mapping[str, DynamicClient]]:
    """Everybody may do everything with pods, as far as RBAC is asked; the policies are in force."""
    from tests.manifests.shipped import built, guard_in_force, of_kind
    from tests.servers.process import until

    plane.apply(of_kind(built(plane, "base"), "ClusterRole"))
    pods = {"/pods": PODS, "/pods/status": ["patch"], "/pods/eviction": ["create"]}
    users = ("anybody", "releaser", "kubelet", OPERATOR, f"{SYSTEM}pod-garbage-collector")
    for user in users:
        may(plane, shared_namespace, user, pods)
    for user in ("releaser", OPERATOR):
        role = "meetscale-releaser"
        plane.apply([binding(shared_namespace, user, kind="ClusterRole", role=role)])
    for name, guard in ((GUARDED, "DenyUnlessReleased"), (FREE, "None")):
        create(admin, pool(name, guard), shared_namespace)
    names = {user: plane.user(user) for user in users if user != "kubelet"}
    clients = {**names, "kubelet": plane.user("kubelet", "system:nodes"), "admin": admin}
    create(admin, pod("probe", GUARDED), shared_namespace)

    def answered(code: int) -> bool:
        return delete(clients["anybody"], shared_namespace, "probe") == code

    with guard_in_force(plane):
        until(lambda: answered(403), what="the guard is in force")
        yield clients
        sfupools = admin.resources.get(api_version="meetscale.io/v1alpha1", kind="SFUPool")
        for name in (GUARDED, FREE):
            sfupools.delete(name=name, namespace=shared_namespace)
        until(lambda: answered(200), what="the guard is lifted with its pool")


def pool(name: str, guard: str) -> Object:
    body = sample("sfupool", {"metadata.name": name, "spec.release.guard": guard})
    body["metadata"].pop("namespace", None)
    return body


def pod(
    name: str, pool: str | None, *, node: str | None = "a-node", released: bool = False
) -> Object:
    labels = {} if pool is None else {POOL: pool}
    if released:
        labels[RELEASED] = "1795392000"
    spec: Object = {"containers": [{"name": "server", "image": "sfu"}]}
    if node is not None:
        spec["nodeName"] = node
    metadata = {"name": name, "labels": labels}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def delete(client: DynamicClient, namespace: str, name: str, *, dry_run: bool = True) -> int:
    """Try to delete a pod; return the code of the answer."""
    from kubernetes.dynamic.exceptions import DynamicApiError

    options = {"dryRun": ["All"]} if dry_run else {}
    path = f"/api/v1/namespaces/{namespace}/pods/{name}"
    try:
        client.request("delete", path, body=options)
    except DynamicApiError as error:
        return int(error.status)
    return 200


def patch(client: DynamicClient, namespace: str, name: str, body: Object, *, to: str = "") -> int:
    """Try to merge into a pod; return the code of the answer."""
    from kubernetes.dynamic.exceptions import DynamicApiError

    path = f"/api/v1/namespaces/{namespace}/pods/{name}{to}?dryRun=All"
    try:
        client.request("patch", path, body=body, content_type=MERGE)
    except DynamicApiError as error:
        return int(error.status)
    return 200


def labels(**values: object) -> Object:
    keys = {"pool": POOL, "released": RELEASED, "tier": "tier"}
    return {"metadata": {"labels": {keys[name]: value for name, value in values.items()}}}


@pytest.mark.parametrize(
    ("name", "given", "who", "code"),
    [
        ("occupied", pod("occupied", GUARDED), "anybody", 403),
        ("admins-too", pod("admins-too", GUARDED), "admin", 403),
        ("operator-too", pod("operator-too", GUARDED), OPERATOR, 403),
        ("released", pod("released", GUARDED, released=True), "anybody", 200),
        ("unbound", pod("unbound", GUARDED, node=None), "anybody", 200),
        ("unguarded", pod("unguarded", FREE), "anybody", 200),
        ("orphaned", pod("orphaned", GONE), "anybody", 200),
        ("stranger", pod("stranger", None), "anybody", 200),
        ("node-says-so", pod("node-says-so", GUARDED), "kubelet", 200),
        ("node-gone", pod("node-gone", GUARDED), f"{SYSTEM}pod-garbage-collector", 200),
    ],
)
def test_only_a_released_server_can_be_deleted(
    people: Mapping[str, DynamicClient],
    shared_namespace: str,
    name: str,
    given: Object,
    who: str,
    code: int,
) -> None:
    create(people["admin"], given, shared_namespace)

    assert delete(people[who], shared_namespace, name) == code


@pytest.mark.parametrize("phase", ["Succeeded", "Failed"])
def test_a_server_that_ended_can_be_deleted(
    people: Mapping[str, DynamicClient], shared_namespace: str, phase: str
) -> None:
    name, admin = f"ended-{phase.lower()}", people["admin"]
    create(admin, pod(name, GUARDED), shared_namespace)
    path = f"/api/v1/namespaces/{shared_namespace}/pods/{name}/status"
    admin.request("patch", path, body={"status": {"phase": phase}}, content_type=MERGE)

    assert delete(people["anybody"], shared_namespace, name) == 200


def test_a_server_that_is_leaving_can_be_deleted_at_once(
    people: Mapping[str, DynamicClient], shared_namespace: str
) -> None:
    create(people["admin"], pod("leaving", GUARDED, released=True), shared_namespace)
    assert delete(people["anybody"], shared_namespace, "leaving", dry_run=False) == 200

    assert patch(people["releaser"], shared_namespace, "leaving", labels(released=None)) == 200
    assert delete(people["anybody"], shared_namespace, "leaving") == 200


@pytest.mark.parametrize(
    ("change", "to"),
    [
        (labels(released="1"), ""),
        (labels(released="1"), "/status"),
        (labels(pool=None), ""),
        (labels(pool=FREE), ""),
    ],
)
def test_only_a_releaser_touches_the_labels_that_the_guard_reads(
    people: Mapping[str, DynamicClient], shared_namespace: str, change: Object, to: str
) -> None:
    assert patch(people["anybody"], shared_namespace, "probe", change, to=to) == 403
    if not to:  # RBAC gives a releaser nothing there
        assert patch(people["releaser"], shared_namespace, "probe", change) == 200
        assert patch(people[OPERATOR], shared_namespace, "probe", change) == 200


def test_other_labels_are_anybodys(
    people: Mapping[str, DynamicClient], shared_namespace: str
) -> None:
    assert patch(people["anybody"], shared_namespace, "probe", labels(tier="gold")) == 200


def test_no_server_is_born_released(
    people: Mapping[str, DynamicClient], shared_namespace: str
) -> None:
    from tests.manifests.api import RefusedError

    born = pod("born-released", GUARDED, released=True)
    with pytest.raises(RefusedError, match="lacks the verb release on sfupools"):
        create(people["anybody"], born, shared_namespace, dry_run=True)
    create(people["anybody"], pod("born", GUARDED), shared_namespace, dry_run=True)


def test_the_operator_changes_nothing_that_runs(
    people: Mapping[str, DynamicClient], shared_namespace: str
) -> None:
    image = {"spec": {"activeDeadlineSeconds": 1}}

    assert patch(people[OPERATOR], shared_namespace, "probe", image) == 403
    assert patch(people["releaser"], shared_namespace, "probe", image) == 200
