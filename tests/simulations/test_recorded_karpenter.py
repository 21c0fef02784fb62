"""A recorded run with the real node autoscaler, replayed: the same orders and the same boots.

How `karpenter.json` was made: tests/e2e/karpenter/recording.py.
"""

import bisect
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from simulations.world.boots import BootTimes
from simulations.world.launches import Launches, serving_curve

RECORDING: dict[str, Any] = json.loads(
    Path(__file__).with_name("karpenter.json").read_text(encoding="utf-8")
)
REGISTRATION: int = RECORDING["registration_seconds"]
AGREED_SECONDS = 4.0
"""Of 33 to 40: after a node is Ready 2 to 3 s pass until its pod is placed."""
SECONDS = 120


def ordered() -> dict[int, int]:
    """Return how many servers more were ordered at each second, from the first order on."""
    changes = RECORDING["ordered"]
    return {round(at): after - before for (_, before), (at, after) in pairwise(changes)}


def of_the_order() -> list[dict[str, float]]:
    """Return the servers that the recorded orders brought, in the order of their nodes."""
    return [server for server in RECORDING["servers"] if server["created"] > 0]


def replayed(boots: list[float], orders: dict[int, int]) -> list[int]:
    """Return the second at which there are 1, 2, ... servers more."""
    ticks = tuple(round(boot) for boot in boots)
    supplier = Launches(
        boots=BootTimes(ticks=ticks, fails=(False,) * len(ticks)), per_tick=10.0, burst=200
    )
    curve = serving_curve(supplier, orders, ticks=SECONDS)
    return [bisect.bisect_left(curve, count) for count in range(1, len(ticks) + 1)]


def served() -> list[float]:
    return sorted(server["serving"] for server in of_the_order())


def test_every_ordered_server_came_and_none_twice() -> None:
    assert len(of_the_order()) == sum(ordered().values())
    assert max(total for _, total in RECORDING["nodes"]) == RECORDING["ordered"][-1][1]


def test_boots_from_launch_to_serving_replay_within_seconds() -> None:
    """Launched when the autoscaler launched; each boot as it was drawn for the played kubelet."""
    launched: dict[int, int] = {}
    for server in of_the_order():
        at = round(server["created"] - REGISTRATION)
        launched[at] = launched.get(at, 0) + 1
    drawn = [REGISTRATION + each["node_delay"] + each["pod_delay"] for each in of_the_order()]

    assert replayed(drawn, launched) == pytest.approx(served(), abs=AGREED_SECONDS)


def test_the_whole_way_from_order_to_serving_replays_as_a_lead_time() -> None:
    """A lead time begins with the order: what the autoscaler thinks about it is part of it."""
    lead_times = [server["serving"] for server in of_the_order()]

    assert replayed(lead_times, ordered()) == pytest.approx(served(), abs=1.0)


def test_without_the_autoscalers_own_seconds_servers_would_come_too_early() -> None:
    drawn = [REGISTRATION + each["node_delay"] + each["pod_delay"] for each in of_the_order()]
    early = [real - soon for soon, real in zip(replayed(drawn, ordered()), served(), strict=True)]

    assert all(0.0 < seconds < 10.0 for seconds in early)
