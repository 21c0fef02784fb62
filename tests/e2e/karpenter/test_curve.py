"""The simulator is believed as far as it was checked: here against nodes that Karpenter made."""

from __future__ import annotations

import bisect
import itertools
import statistics
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.karpenter.stage import Stage

pytestmark = [pytest.mark.plane, pytest.mark.prometheus, pytest.mark.live]


def test_the_recorded_curve_from_order_to_serving_replays_within_ten_percent(over: Stage) -> None:
    from simulations.world.boots import BootTimes
    from simulations.world.launches import Launches, serving_curve
    from tests.e2e.karpenter.stage import BEFORE

    first, orders = ordered(over)
    delays = boot_seconds(over)
    recorded = [moment - first for moment in over.floor.served[BEFORE:]]
    supplier = Launches(
        boots=BootTimes(ticks=tuple(delays), fails=(False,) * len(delays)), per_tick=10.0, burst=200
    )
    curve = serving_curve(supplier, orders, ticks=600)
    simulated = [bisect.bisect_left(curve, k) for k in range(1, len(recorded) + 1)]

    assert len(recorded) == sum(orders.values())
    assert simulated == pytest.approx(recorded, rel=0.25, abs=3.0)
    assert statistics.mean(simulated) == pytest.approx(statistics.mean(recorded), rel=0.10)


def ordered(stage: Stage) -> tuple[float, dict[int, int]]:
    """Return when the first order was written, and how many servers each second after it added."""
    changes = stage.orders.changes
    first = changes[1][0]
    added: dict[int, int] = {}
    for (_, before), (moment, after) in itertools.pairwise(changes):
        added[int(moment - first)] = after - before
    return first, added


def boot_seconds(stage: Stage) -> list[int]:
    """Return each server's delays as they were played, node and pod together, oldest first.

    Drawn ones end when they are due, played ones when the kubelet got to it: on a busy machine that
    is seconds later, and not the simulator's to know.
    """
    from tests.e2e.karpenter.fleet import REGISTRATION_SECONDS
    from tests.e2e.karpenter.stage import BEFORE

    kubelet, namespace = stage.kubelet, stage.floor.team.cluster.namespace
    pods = [
        life
        for key, life in kubelet.pods.items()
        if key.startswith(f"{namespace}/floor-") and life.ready is not None
    ]
    by_node = sorted(pods, key=lambda life: kubelet.nodes[life.node].created)
    return [
        round(
            REGISTRATION_SECONDS
            + ((node := kubelet.nodes[life.node]).ready or node.due)
            - node.created
            + (life.ready or life.due)
            - life.scheduled
        )
        for life in by_node[BEFORE:]
    ]
