"""What must hold of the shipped files, read without any server."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from autoscaler.engine.codec import KEPT
from autoscaler.kube.store import DOCUMENTS
from tests.autoscaler.resources.samples import MANIFESTS
from tests.manifests.shipped import objects_in

Object = dict[str, Any]
FOLDERS = ("crds", "policies", "base", "overlays/act")
READING = {"get", "list"}


def roles(*folders: str) -> list[Object]:
    return [
        each
        for folder in folders
        for each in objects_in(folder)
        if each["kind"] in ("Role", "ClusterRole")
    ]


def operator_rules(*folders: str) -> list[Object]:
    return [
        rule
        for role in roles(*folders)
        if role["metadata"]["name"] in ("meetscale", "meetscale-act")
        for rule in role["rules"]
    ]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_is_part_of_its_kustomization(folder: str) -> None:
    text = (MANIFESTS / folder / "kustomization.yaml").read_text(encoding="utf-8")
    listed = {name for name in yaml.safe_load(text)["resources"] if name.endswith(".yaml")}
    lying = {file.name for file in (MANIFESTS / folder).glob("*.yaml")} - {"kustomization.yaml"}

    assert listed == lying


def test_no_role_has_a_wildcard_or_reads_secrets() -> None:
    for role in roles(*FOLDERS):
        for rule in role.get("rules", ()):
            every = {*rule["apiGroups"], *rule["resources"], *rule["verbs"]}
            assert "*" not in "".join(every), role["metadata"]["name"]
            assert "secrets" not in rule["resources"], role["metadata"]["name"]


def test_base_only_reads_what_is_not_its_own() -> None:
    for rule in operator_rules("base"):
        if not set(rule["verbs"]) <= READING:
            what = {f"{group}/{each}" for group in rule["apiGroups"] for each in rule["resources"]}
            own = {"events.k8s.io/events", "coordination.k8s.io/leases", "/configmaps"}
            assert what <= own or all(each.endswith("/status") for each in what), rule


def test_the_overlay_may_write_only_what_base_may_read() -> None:
    read, written = (
        {
            (group, resource.partition("/")[0])
            for rule in operator_rules(folder)
            for group in rule["apiGroups"]
            for resource in rule["resources"]
        }
        for folder in ("base", "overlays/act")
    )

    assert written <= read


def test_the_operator_may_keep_exactly_the_state_it_keeps() -> None:
    (named,) = (
        rule["resourceNames"]
        for rule in operator_rules("base")
        if rule["resources"] == ["configmaps"] and "resourceNames" in rule
    )

    assert named == [
        f"meetscale-state-{document}-{part}"
        for document, parts in DOCUMENTS.items()
        for part in range(parts)
    ]


def test_the_operator_never_has_the_verb_approve() -> None:
    for rule in operator_rules(*FOLDERS):
        assert "approve" not in rule["verbs"]


def test_the_operator_in_the_approval_policy_is_the_one_that_is_deployed() -> None:
    (account,) = (each for each in objects_in("base") if each["kind"] == "ServiceAccount")
    text = (MANIFESTS / "base" / "kustomization.yaml").read_text(encoding="utf-8")
    namespace = yaml.safe_load(text)["namespace"]
    policy = (MANIFESTS / "policies" / "approvals.yaml").read_text(encoding="utf-8")

    assert f"'system:serviceaccount:{namespace}:{account['metadata']['name']}'" in policy


def test_samples_are_shipped_for_every_resource() -> None:
    kinds = {each["kind"] for each in objects_in("samples")}

    assert kinds == {"SFUPool", "EgressLink", "DemandEvent", "CapacityPlan"}


def test_everything_that_must_survive_a_restart_has_a_place() -> None:
    assert set(KEPT) == set(DOCUMENTS)
