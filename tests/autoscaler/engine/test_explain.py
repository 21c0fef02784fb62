from dataclasses import replace

import numpy as np
import pytest

from autoscaler.capacity.shape import MediaMix, ServerShape
from autoscaler.engine.decision import LinkDecision
from autoscaler.engine.explain import explain, explain_link, explain_text
from autoscaler.engine.observation import DemandState
from autoscaler.engine.state import State
from autoscaler.engine.step import step
from autoscaler.engine.wording import sentence
from autoscaler.planner.reasons import Reason, ReasonCode
from autoscaler.planner.run_out import RunOut
from autoscaler.planner.settings import Reserve
from autoscaler.planner.weeks import WeeklyPeaks, week_of
from tests.autoscaler.planner.examples import MIDNIGHT, forecast, limits, pool, seen, servers, tick

SETTINGS = pool(reserve=Reserve(zones=3, zones_lost=1), limits=limits(max_servers=25))


def test_the_chain_goes_from_the_metric_to_the_floor() -> None:
    observed = seen(SETTINGS, servers(14), participants=900.0)
    state = replace(State.empty(), forecast=forecast({"media/eu": [2000.0] * 8}))
    decision, _ = step(tick(MIDNIGHT, observed), state)
    assert explain_text(observed, decision.pools[0]).splitlines() == [
        "  900  Demand: participants who want to be in meetings (Observed)",
        "2,000  Resource participants: participants: 20 servers of 100, the dearest: it binds",
        "  100  PerServer: participants planned on one server, participants bind at 100",
        "    9  ReactiveNeed: 900 participants, 100 a server, need 9",
        "   20  ForecastNeed: P95 of demand at 2026-11-23 00:00:00Z: 2,000 participants need 20",
        "   30  Reserve: losing 1 of 3 zones leaves 20 of 30",
        "   25  MaxReplicas: never more than 25 (bites at 1,600 participants)",
        "   25  Floor: Raise from 14; holds 1,600 participants",
        "   10  Margin zones: an hour for 10 servers: zones that may be lost",
        "1,600  Limit maxReplicas: participants at which it bites: nothing says that it will"
        " within a year",
    ]


def test_every_resource_is_weighed_and_the_dearest_binds() -> None:
    # 900 people are sent 20 Mbit/s and 300 packets/s each
    mix = MediaMix(egress_mbps=20.0, packets_per_second=300.0)
    observed = seen(pool(mix=mix), servers(20), participants=900.0)
    decision, _ = step(tick(MIDNIGHT, observed), State.empty())
    chain = explain(observed, decision.pools[0])
    assert [(each.step, each.value, each.text) for each in chain[1:4]] == [
        ("Resource participants", 900.0, "participants: 9 servers of 100"),
        (
            "Resource egressMbps",
            18000.0,
            "Mbit/s out: 18 servers of 1,000, the dearest: it binds",
        ),
        ("Resource packetsPerSecond", 270000.0, "packets/s out: 0.27 servers of 1,000,000"),
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


def test_margins_are_money_and_limits_have_dates() -> None:
    # Three equal weeks: sigma = 0.05 sqrt(2/3), t(0.9; 3) = 1.638; 2,500 are log 2.5 = 0.916 away,
    # 13.7 sigma, and sqrt(1 + 1/3 + (h + 2)^2 / 2) is that at h = 17.3 weeks
    settings = pool(limits=limits(max_servers=25, max_hourly_cost=15.0))
    observed = seen(settings, servers(14), participants=900.0)
    weeks = WeeklyPeaks(
        series_ids=("media/eu",),
        first=week_of(MIDNIGHT) - 3,
        values=np.array([[1000.0, 1000.0, 1000.0]]),
        running=np.array([1500.0]),
    )
    issued = forecast({"media/eu": [1000.0] * 8}, spread=0.1)
    decision, _ = step(
        tick(MIDNIGHT, observed), replace(State.empty(), forecast=issued, weeks=weeks)
    )
    chain = explain(observed, decision.pools[0])
    found = [(each.step, each.value, each.text) for each in chain if " " in each.step]
    assert found.pop(0)[0] == "Resource participants"
    assert found == [
        (
            "Margin quantile",
            2.0,
            "an hour for 2 servers: demand above the median, for the risk that the owner chose",
        ),
        (
            "Limit maxReplicas",
            2500.0,
            "participants at which it bites: 2027-03-24 at the P90 of growth",
        ),
        (
            "Limit maxHourly",
            1500.0,
            "participants at which it bites: 2026-11-23, 2026-11-23 at the P90 of growth",
        ),
    ]


def test_servers_without_a_price_have_no_margins() -> None:
    free = pool(
        server=ServerShape(
            participants=100.0, egress_mbps=0.0, packets_per_second=0.0, hourly_cost=0.0
        )
    )
    observed = seen(free, servers(14), participants=950.0)
    decision, _ = step(tick(MIDNIGHT, observed), State.empty())
    assert not [each for each in explain(observed, decision.pools[0]) if "Margin" in each.step]


def test_a_link_is_explained_from_what_it_carries_to_what_is_ordered() -> None:
    decision = LinkDecision(
        link="media/transit",
        need_mbps=1250.0,
        order_mbps=1500.0,
        previous_mbps=1000.0,
        reasons=(Reason(ReasonCode.UTILIZATION, 1000.0, 1250.0, {"utilization": 0.8}),),
        limits=(RunOut(name="maxMbps", demand=3200.0, date_p50=None, date_p90=MIDNIGHT),),
    )
    assert [(each.step, each.value, each.text) for each in explain_link(decision)] == [
        ("Utilization", 1250.0, "planned at most 0.8 full"),
        ("Order", 1500.0, "Mbit/s in total, 1,000 before"),
        ("Limit maxMbps", 3200.0, "Mbit/s at which it bites: 2026-11-23 at the P90 of growth"),
    ]
