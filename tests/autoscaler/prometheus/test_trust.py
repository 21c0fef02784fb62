"""From facts to states, and a sentence wherever a number is not to be trusted."""

import math

import pytest

from autoscaler.engine.observation import DemandState
from autoscaler.prometheus.facts import Facts
from autoscaler.prometheus.trust import judge
from tests.autoscaler.prometheus.pools import NOW, pool

FINE = {"participants": 120.0, "age": 4.4, "live": 10.0, "was_live": 10.0}


@pytest.mark.parametrize(
    ("told", "state", "reason"),
    [
        (FINE, DemandState.OBSERVED, ""),
        ({**FINE, "participants": 0.0}, DemandState.ZERO, ""),
        (
            {},
            DemandState.EMPTY,
            'Prometheus has no livekit_participant_total with sfu_pool="eu":'
            " check matchLabels and the scrape job",
        ),
        (
            {"mute": 2.0, "was_live": 3.0},
            DemandState.EMPTY,
            "none of 3 known targets gives a valid livekit_participant_total",
        ),
        (
            {**FINE, "participants": math.nan},
            DemandState.EMPTY,
            "livekit_participant_total adds up to NaN, which is no number of participants",
        ),
        (
            {**FINE, "participants": -3.0},
            DemandState.EMPTY,
            "livekit_participant_total adds up to -3, which is no number of participants",
        ),
        (
            {"participants": 120.0, "age": 75.2},
            DemandState.STALE,
            "the newest sample is 75 s old, staleAfterSeconds is 60",
        ),
        (
            {**FINE, "live": 8.0, "mute": 2.0, "missing": 2.0},
            DemandState.PARTIAL,
            "8 of 10 known targets report, minTargetsPercent is 90",
        ),
        ({**FINE, "live": 9.0, "mute": 1.0, "missing": 1.0}, DemandState.OBSERVED, ""),
        ({**FINE, "refused": 6.0}, DemandState.CENSORED, ""),
        ({**FINE, "participants": 0.0, "refused": 6.0}, DemandState.CENSORED, ""),
        ({**FINE, "participants": 9000.0, "refused": 6.0}, DemandState.OBSERVED, ""),
        (
            {**FINE, "participants": 0.0, "live": 5.0, "mute": 5.0, "missing": 5.0},
            DemandState.PARTIAL,
            "5 of 10 known targets report, minTargetsPercent is 90",
        ),
    ],
    ids=[
        "all is well",
        "zero that live targets tell",
        "nothing there",
        "all targets down",
        "NaN",
        "negative",
        "stale",
        "too few targets",
        "nine of ten are enough",
        "joins refused",
        "joins refused by an empty pool",
        "a few refusals among thousands are an ordinary day",
        "zero that half of the targets tell",
    ],
)
def test_state_and_reason(told: dict[str, float], state: DemandState, reason: str) -> None:
    reading = judge(Facts(**told), pool("eu").spec.demand, now=NOW)
    assert (reading.demand.state, reading.reason) == (state, reason)


@pytest.mark.parametrize(
    ("told", "missed"),
    [
        ({"live": 10.0, "was_live": 10.0, "mute": 5.0}, 0),
        ({"live": 10.0, "was_live": 20.0, "missing": 0.0}, 0),
        ({"live": 10.0, "was_live": 20.0, "missing": 10.0}, 10),
        ({"live": 9.0, "was_live": 10.0, "missing": 6.0}, 1),
        ({"live": 10.0, "was_live": 10.0, "mute": 1.0, "missing": 6.0}, 1),
    ],
    ids=[
        "booting servers are not missed",
        "servers that went empty are not missed",
        "servers that went with their meetings are",
        "a rollout replaced five of six",
        "a rollout, and one server down",
    ],
)
def test_who_is_missed(told: dict[str, float], missed: int) -> None:
    assert Facts(**told).missed == missed


def test_demand_is_those_present_and_those_refused() -> None:
    facts = Facts(**FINE, refused=30.0)
    demand = judge(facts, pool("eu").spec.demand, now=NOW).demand
    assert (demand.participants, demand.refused, demand.sample_time) == (150.0, 30.0, NOW - 4)


def test_an_untrusted_number_is_shown_and_counts_no_server_as_empty() -> None:
    stale = judge(
        Facts(**{**FINE, "age": 100.0}, empty=4.0, egress=2e6), pool("eu").spec.demand, now=NOW
    )
    assert stale.demand.participants == 120.0
    assert stale.empty_servers is None
    assert stale.egress_mbps == 2.0


@pytest.mark.parametrize(
    ("preset", "empty"),
    [("LiveKit", 0), ("JVB", 0), ("BigBlueButton", 0), ("Jicofo", None), ("Janus", None)],
)
def test_empty_servers_are_known_where_each_target_is_one(preset: str, empty: int | None) -> None:
    reading = judge(Facts(**FINE), pool("eu", preset=preset).spec.demand, now=NOW)
    assert reading.empty_servers == empty
