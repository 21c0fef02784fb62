"""The shipped stories, with what must hold whatever the seed."""

import pytest

from simulations.result import ScenarioResult
from simulations.run import run
from simulations.scenario.load import load


@pytest.fixture(scope="module")
def outage() -> ScenarioResult:
    return run(load("prometheus-outage"), names=["meetscale", "hpa"], clock=lambda: 0.0)


def test_meetscale_never_releases_while_blind(outage: ScenarioResult) -> None:
    timeline = outage.timelines["meetscale"][0]

    assert timeline.no_data.sum() == 45
    assert outage.policies["meetscale"].releases_while_blind == 0


def test_meetscale_kills_no_meeting(outage: ScenarioResult) -> None:
    assert outage.policies["meetscale"].meetings_killed == 0


def test_the_bound_is_least_short(outage: ScenarioResult) -> None:
    least = outage.policies["clairvoyant"].shortage_node_minutes

    assert all(each.shortage_node_minutes >= least for each in outage.policies.values())


def test_the_same_outage_gives_the_same_bytes(outage: ScenarioResult) -> None:
    again = run(load("prometheus-outage"), names=["meetscale", "hpa"], clock=lambda: 0.0)

    assert again.to_json() == outage.to_json()
