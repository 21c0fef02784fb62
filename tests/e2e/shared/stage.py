"""The stage and its play: a ramp that is due, a pool with a quiet past, and a steady one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from tests.e2e.demand import daily_ramp
from tests.e2e.records import Timeline
from tests.e2e.rig import Rig
from tests.servers.delays import lognormal

if TYPE_CHECKING:
    from tests.servers.kubelet import Kubelet

DUE_SECONDS = 150.0
LOW, HIGH = 450.0, 1950.0
BEFORE, AFTER = 5, 20
"""Servers that these two need."""
RISE_SECONDS = 20.0
SIX_SECONDS_MORE = lognormal(median=6.0, sigma=0.3)


class Stage:
    """Pools `floor` (an HPA's) and `size` (a Deployment's) read the ramp in both namespaces.

    `quiet` is foreseen too, and never was anything else in four weeks; `steady` is demand only.
    """

    def __init__(self, *, kubelet: Kubelet, foreseeing: Rig, reacting: Rig) -> None:
        self.foreseeing, self.reacting = foreseeing, reacting
        self.demand = foreseeing.demand
        kubelet.start(pod_delay=boot, seed=7)
        kubelet.add_nodes(4)
        for team in (foreseeing, reacting):
            team.pools.on_hpa("floor", replicas=BEFORE, reads="ramp")
            team.pools.on_scale("size", replicas=BEFORE, reads="ramp")
        foreseeing.pools.on_hpa("quiet", replicas=3)
        # In whatever part of a quarter-hour: the usual lead time reaches well into the next one.
        self.ramp_at = time.time() + DUE_SECONDS
        ramp = daily_ramp(
            self.ramp_at, low=LOW, high=HIGH, rise_seconds=RISE_SECONDS, high_seconds=3600
        )
        self.demand.play("ramp", ramp, remembered=True)
        self.demand.play("quiet", 260.0, remembered=True)  # 3 servers, and their P95 too
        self.demand.play("steady", 990.0)
        self.demand.start()
        self.floors = Timeline(lambda: foreseeing.pools.floor("floor"))
        self.foreseer = foreseeing.operator(start=False)
        self.reactor = reacting.operator("--no-forecast", start=False)

    def play(self) -> None:
        """Let the operators loose."""
        self.foreseer.start()
        self.reactor.start()


def boot(rng: np.random.Generator) -> float:
    """Draw how long a server takes to serve, once it is placed: never under eight seconds."""
    return 8.0 + SIX_SECONDS_MORE(rng)
