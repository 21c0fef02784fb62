"""What target, workload and metrics say, as the planner counts it."""

from dataclasses import replace

import pytest

from autoscaler.controller.inventory import floor_in_force, inventory
from autoscaler.controller.observe import unread
from autoscaler.planner.inventory import Inventory
from autoscaler.ports.demand import Reading
from autoscaler.ports.fleet import PoolSnapshot, ServerCounts, TargetSnapshot
from tests.autoscaler.controller.fakes import sfupool, snapshot


def pool(semantics: str, *, value: int | None, ours: bool, existing: int = 4) -> PoolSnapshot:
    if semantics == "Floor":
        resource = sfupool()
    elif semantics == "Size":
        resource = sfupool(target=deployment())
    else:
        workload = {"group": "apps", "version": "v1", "resource": "deployments", "name": "sfu"}
        resource = sfupool(target=buffer(), server={"participants": 100, "workload": workload})
    target = TargetSnapshot(uid="1", revision="1", value=value, maximum=None, ours=ours)
    counts = ServerCounts(desired=existing, existing=existing, ready=existing, terminating=0)
    return snapshot(resource, target=target, counts=counts)


def deployment() -> dict[str, object]:
    return {
        "group": "apps",
        "version": "v1",
        "resource": "deployments",
        "name": "sfu",
        "semantics": "Size",
        "subresource": "scale",
    }


def buffer() -> dict[str, object]:
    return {
        "group": "autoscaling.x-k8s.io",
        "version": "v1beta1",
        "resource": "capacitybuffers",
        "name": "warm",
        "semantics": "Headroom",
        "fieldPath": "/spec/replicas",
    }


@pytest.mark.parametrize(
    ("semantics", "value", "ours", "remembered", "floor"),
    [
        ("Floor", 6, True, 6, 6),
        ("Floor", 6, False, None, 6),
        ("Floor", 6, True, 9, 6),
        ("Size", 6, False, None, 6),
        ("Headroom", 6, True, 10, 10),
        ("Headroom", 6, True, None, 10),
        ("Headroom", 0, False, None, 4),
        ("Headroom", 6, False, 12, 10),
        ("Floor", None, False, None, None),
    ],
)
def test_the_floor_in_force(
    semantics: str, value: int | None, ours: bool, remembered: int | None, floor: int | None
) -> None:
    seen = pool(semantics, value=value, ours=ours)

    assert floor_in_force(seen, remembered=remembered) == floor


def test_without_a_target_there_is_no_floor() -> None:
    assert floor_in_force(snapshot(sfupool(), target=None), remembered=7) is None


@pytest.mark.parametrize(
    ("counts", "empty", "floor", "expected"),
    [
        ((4, 4, 4, 0), None, 4, (4, 0, 0, 4)),
        ((4, 4, 4, 0), 3, 4, (4, 0, 0, 1)),
        ((4, 4, 4, 0), 9, 4, (4, 0, 0, 0)),
        ((10, 6, 4, 2), 1, 4, (4, 6, 2, 3)),
        ((4, 4, 4, 0), 0, 12, (4, 8, 0, 4)),
        ((2, 6, 6, 3), None, None, (6, 0, 3, 6)),
    ],
)
def test_servers_by_what_they_do(
    counts: tuple[int, int, int, int],
    empty: int | None,
    floor: int | None,
    expected: tuple[int, int, int, int],
) -> None:
    desired, existing, ready, terminating = counts
    seen = snapshot(
        sfupool(),
        counts=ServerCounts(
            desired=desired, existing=existing, ready=ready, terminating=terminating
        ),
    )
    reading = Reading(demand=unread().demand, empty_servers=empty)

    ready, pending, draining, occupied = expected
    assert inventory(seen, reading, floor=floor) == Inventory(
        floor=floor, ready=ready, pending=pending, draining=draining, occupied=occupied
    )


def test_servers_that_could_not_be_counted_are_unknown_and_not_none() -> None:
    seen = replace(snapshot(sfupool()), counts=None)

    assert not inventory(seen, unread(), floor=4).known
