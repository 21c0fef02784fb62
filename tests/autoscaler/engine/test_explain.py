from dataclasses import replace

import pytest

from autoscaler.engine.explain import explain, explain_text
from autoscaler.engine.observation import DemandState
from autoscaler.engine.state import State
from autoscaler.engine.step import step
from autoscaler.engine.wording import sentence
from autoscaler.planner.reasons import Reason, ReasonCode
from autoscaler.planner.settings import Reserve
from tests.autoscaler.planner.examples import MIDNIGHT, forecast, limits, pool, seen, servers, tick

SETTINGS = pool(reserve=Reserve(zones=3, zones_lost=1), limits=limits(max_servers=25))


def test_the_chain_goes_from_the_metric_to_the_floor() -> None:
    observed = seen(SETTINGS, servers(14), participants=900.0)
    state = replace(State.empty(), forecast=forecast({"media/eu": [2000.0] * 8}))
    decision, _ = step(tick(MIDNIGHT, observed), state)
    assert explain_text(observed, decision.pools[0]).splitlines() == [
        "900  Demand: participants who want to be in meetings (Observed)",
        "100  PerServer: participants planned on one server, participants bind at 100",
        "  9  ReactiveNeed: 900 participants, 100 a server, need 9",
        " 20  ForecastNeed: P95 of demand at 2026-11-23 00:00:00Z: 2,000 participants need 20",
        " 30  Reserve: losing 1 of 3 zones leaves 20 of 30",
        " 25  MaxReplicas: never more than 25",
        " 25  Floor: Raise from 14; holds 1,600 participants",
    ]


def test_the_chain_as_data_has_every_input() -> None:
    observed = seen(SETTINGS, servers(14), participants=900.0)
    decision, _ = step(tick(MIDNIGHT, observed), State.empty())
    chain = {link.step: link for link in explain(observed, decision.pools[0])}
    assert chain["Demand"].inputs == {"state": "Observed", "refused": 0.0}
    assert chain["ReactiveNeed"].inputs == {"participants": 900.0, "perServer": 100.0}
    assert chain["Floor"].value == 14


def test_blindness_is_said_first() -> None:
    observed = seen(SETTINGS, servers(14), participants=None, state=DemandState.EMPTY)
    decision, _ = step(tick(MIDNIGHT, observed), State.empty())
    assert explain_text(observed, decision.pools[0]).startswith("  0  Demand: nothing was read")


@pytest.mark.parametrize("code", ReasonCode)
def test_every_code_has_a_sentence_even_with_inputs_that_no_words_know(code: ReasonCode) -> None:
    assert sentence(Reason(code, 1.0, 2.0, {"unheardOf": 7}))
