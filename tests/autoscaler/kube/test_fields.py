"""One number inside an object: found, written and owned."""

from typing import Any

import pytest

from autoscaler.kube.fields import Owner, as_number, nested, owners, read

MIN_SIZE = "/metadata/annotations/cluster.x-k8s.io~1min-size"
FIELDS: dict[str, Any] = {"f:spec": {"f:minReplicas": {}, "f:behavior": {".": {}, "f:scaleUp": {}}}}


def entry(manager: str, operation: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {"manager": manager, "operation": operation, "fieldsV1": fields}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/spec/minReplicas", 3),
        ("/spec/behavior/scaleUp", {"policies": []}),
        ("/spec/none", None),
        ("/spec/minReplicas/deeper", None),
        (MIN_SIZE, "4"),
    ],
)
def test_a_pointer_goes_through_maps(path: str, found: object) -> None:
    body = {
        "metadata": {"annotations": {"cluster.x-k8s.io/min-size": "4"}},
        "spec": {"minReplicas": 3, "behavior": {"scaleUp": {"policies": []}}},
    }

    assert read(body, path) == found


@pytest.mark.parametrize(
    ("value", "number"),
    [(3, 3), ("3", 3), (0, 0), (None, None), (True, None), ("x", None), ("-1", None), (1.5, None)],
)
def test_a_number_is_a_whole_one_or_the_text_of_one(value: object, number: int | None) -> None:
    assert as_number(value) == number


def test_what_is_written_is_the_smallest_object_with_the_number() -> None:
    assert nested("/spec/minReplicas", 4) == {"spec": {"minReplicas": 4}}
    assert nested(MIN_SIZE, 4) == {"metadata": {"annotations": {"cluster.x-k8s.io/min-size": "4"}}}


def test_owners_are_who_holds_the_field_and_not_who_holds_others() -> None:
    body = {
        "metadata": {
            "managedFields": [
                entry("kubectl-create", "Update", FIELDS),
                entry("argocd", "Apply", {"f:spec": {"f:maxReplicas": {}}}),
                entry("meetscale-target", "Apply", {"f:spec": {"f:minReplicas": {}}}),
                {"manager": "kcm", "operation": "Update"},
            ]
        }
    }

    assert owners(body, "/spec/minReplicas") == (
        Owner("kubectl-create", declares=False),
        Owner("meetscale-target", declares=True),
    )
