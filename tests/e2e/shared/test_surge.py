"""Demand that history knows nothing of: followed at once, and called what it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from tests.servers.process import until

if TYPE_CHECKING:
    from tests.e2e.shared.stage import Stage

pytestmark = [pytest.mark.plane, pytest.mark.prometheus]

SURGE, SERVERS = 1490.0, 15


def test_a_first_time_surge_is_followed_within_two_ticks(stage: Stage) -> None:
    from tests.e2e.records import Timeline

    team, demand = stage.foreseeing, stage.demand
    team.records.await_condition("quiet", "ForecastReady", "True", timeout=90)
    assert team.pools.floor("quiet") == 3

    with Timeline(lambda: team.pools.floor("quiet")) as floors:
        began = demand.set("quiet", SURGE)
        until(lambda: floors.now >= SERVERS, what=f"a floor of {SERVERS}", timeout=30)
    written = floors.when(lambda floor: floor >= SERVERS)
    seen = demand.await_seen("quiet", SURGE, since=began - 5)

    assert written is not None
    between = [at for at in stage.foreseer.ticks() if seen <= at <= math.ceil(written)]
    assert len(between) <= 2

    surge = team.records.await_condition("quiet", "Surge", "True", "OutsideHistory")
    assert "nothing is released" in surge["message"]
