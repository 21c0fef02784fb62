"""The operator's own tick in the loop: what is its, and what is only carried."""

from typing import Any

import pytest

from autoscaler.controller import loop
from autoscaler.engine import step as engine
from autoscaler.engine.config import EngineConfig
from autoscaler.planner.reasons import ReasonCode
from simulations.policies import meetscale
from simulations.policies.clairvoyant import Clairvoyant
from simulations.policies.meetscale import Meetscale
from simulations.result import ScenarioResult
from simulations.run import run, run_policies
from simulations.scenario.schema import Scenario
from tests.simulations.small import pool, scenario, surge

REACTIVE = EngineConfig(forecasting=False)


def replayed(plan: Scenario) -> ScenarioResult:
    return run_policies(plan, [Meetscale(config=REACTIVE), Clairvoyant()], clock=lambda: 0.0)


def test_a_surge_is_followed_and_its_reasons_are_kept() -> None:
    result = replayed(scenario(pools=[pool(demand=surge(5.0))]))

    timeline = result.timelines["meetscale"][0]
    assert timeline.ready[-1] >= timeline.required[-1]
    codes = {reason.code for reasons in timeline.reasons for reason in reasons}
    assert ReasonCode.REACTIVE_NEED in codes


def test_nothing_is_released_while_prometheus_is_silent() -> None:
    falling = surge(0.2, ramp=600)
    fault = {
        "name": "dark",
        "kind": "NoData",
        "start": "2026-03-02T13:05:00",
        "durationSeconds": 3600,
    }

    result = replayed(scenario(pools=[pool(demand=falling)], faults=[fault]))

    timeline = result.timelines["meetscale"][0]
    dark = timeline.no_data.nonzero()[0]
    assert result.policies["meetscale"].releases_while_blind == 0
    assert timeline.blind[dark].all()
    assert (timeline.ready[dark[1:]] >= timeline.ready[dark[:-1]]).all()
    assert timeline.ready[-1] < timeline.ready[dark[0]], "it gives back once it sees again"


def test_two_runs_of_one_policy_do_not_remember_each_other() -> None:
    policy = Meetscale(config=REACTIVE)
    plan = scenario(pools=[pool(demand=surge(3.0))])

    one, other = (
        run_policies(plan, [policy, Clairvoyant()], clock=lambda: 0.0).to_json() for _ in range(2)
    )

    assert one == other


def test_the_decision_is_the_operators_own_step(monkeypatch: pytest.MonkeyPatch) -> None:
    assert vars(meetscale)["step"] is vars(loop)["step"] is engine.step

    taken: list[int] = []

    def counted(*args: Any, **kwargs: Any) -> Any:
        observation = args[0]
        taken.append(observation.now)
        return engine.step(*args, **kwargs)

    monkeypatch.setattr(meetscale, "step", counted)
    plan = scenario(durationSeconds=3600)
    run(plan, clock=lambda: 0.0, names=["meetscale"])

    start = plan.epoch(plan.start)
    assert taken == list(range(start, start + 3600, 60))
