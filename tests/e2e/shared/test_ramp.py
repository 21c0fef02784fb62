"""A ramp that four weeks of history say is due: served from its first moment, or missed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.servers.process import until

if TYPE_CHECKING:
    from tests.e2e.rig import Rig
    from tests.e2e.shared.stage import Stage

pytestmark = [pytest.mark.plane, pytest.mark.prometheus]

POOLS = ("floor", "size")


@pytest.fixture(scope="module")
def over(stage: Stage) -> Stage:
    """The stage after the ramp, when everybody has caught up with it."""
    from tests.e2e.shared.stage import AFTER, RISE_SECONDS

    def all_serve() -> bool:
        return all(
            len(team.records.served(pool)) >= AFTER
            for team in (stage.foreseeing, stage.reacting)
            for pool in POOLS
        )

    due = stage.ramp_at + RISE_SECONDS + 5
    until(lambda: time.time() > due, what="the ramp", timeout=400, every=0.5)
    until(all_serve, what=f"{AFTER} servers of each pool", timeout=90, every=0.5)
    return stage


def short_seconds(stage: Stage, team: Rig, pool: str) -> list[float]:
    """Return the seconds since half a minute before the ramp at which demand exceeded capacity."""
    return stage.demand.short_seconds("ramp", team.records.served(pool), since=stage.ramp_at - 30)


@pytest.mark.parametrize("pool", POOLS)
def test_a_ramp_that_is_due_finds_its_servers_serving(over: Stage, pool: str) -> None:
    from tests.e2e.shared.stage import AFTER

    served = over.foreseeing.records.served(pool)

    assert served[AFTER - 1] < over.ramp_at
    assert short_seconds(over, over.foreseeing, pool) == []


@pytest.mark.parametrize("pool", POOLS)
def test_without_a_forecast_the_same_ramp_is_missed_at_its_start(over: Stage, pool: str) -> None:
    from tests.e2e.shared.stage import AFTER, BEFORE, RISE_SECONDS

    served = over.reacting.records.served(pool)
    short = short_seconds(over, over.reacting, pool)

    assert served[BEFORE - 1] < over.ramp_at < served[BEFORE]
    assert len(served) >= AFTER  # it is made good, late
    assert short
    assert short[0] < over.ramp_at + RISE_SECONDS / 2


def test_the_floor_was_raised_before_the_ramp_and_says_why(over: Stage) -> None:
    from tests.e2e.shared.stage import AFTER

    raised = over.floors.when(lambda floor: floor >= AFTER)
    notes = [event["note"] for event in over.foreseeing.records.events("floor")]

    assert raised is not None
    assert raised < over.ramp_at
    (why,) = [note for note in notes if f"/floor: 5 to {AFTER}: " in note]
    assert "ForecastNeed" in why


def test_whether_there_is_a_forecast_is_said(over: Stage) -> None:
    for pool in POOLS:
        foreseen = over.foreseeing.records.conditions(pool)["ForecastReady"]
        unforeseen = over.reacting.records.conditions(pool)["ForecastReady"]
        assert foreseen["status"] == "True"
        assert (unforeseen["status"], unforeseen["reason"]) == ("False", "NoForecast")
