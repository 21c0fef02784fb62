"""An upward jump is doubted only where joins or egress contradict it."""

import pytest

from autoscaler.engine.observation import DemandState
from autoscaler.prometheus.evidence import doubted, jumped
from autoscaler.prometheus.facts import Evidence, Facts
from autoscaler.prometheus.trust import judge
from tests.autoscaler.prometheus.pools import NOW, pool

JUMP = Facts(participants=1000.0, before=400.0, age=1.0, live=5.0, was_live=5.0)


@pytest.mark.parametrize(
    ("before", "participants", "jump"),
    [
        (400.0, 1000.0, True),
        (400.0, 799.0, False),
        (10.0, 59.0, False),
        (0.0, 50.0, True),
        (1000.0, 10.0, False),
        (None, 1000.0, False),
    ],
)
def test_a_jump_doubles_and_adds_fifty(
    before: float | None, participants: float, jump: bool
) -> None:
    assert jumped(Facts(participants=participants, before=before)) is jump


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({}, DemandState.OBSERVED),
        ({"joined": 10.0}, DemandState.CONTRADICTED),
        ({"joined": 300.0}, DemandState.OBSERVED),
        ({"egress": 5e8, "egress_before": 5e8}, DemandState.CONTRADICTED),
        ({"egress": 7e8, "egress_before": 5e8}, DemandState.OBSERVED),
        ({"egress": 7e8}, DemandState.OBSERVED),
        ({"joined": 10.0, "egress": 7e8, "egress_before": 5e8}, DemandState.OBSERVED),
        ({"joined": 10.0, "rooms": 60.0, "rooms_before": 40.0}, DemandState.OBSERVED),
        ({"rooms": 40.0, "rooms_before": 40.0}, DemandState.OBSERVED),
        (
            {"egress": 0.0, "egress_before": 0.0, "rooms": 40.0, "rooms_before": 40.0},
            DemandState.CONTRADICTED,
        ),
    ],
    ids=[
        "nobody else tells",
        "nobody joined",
        "as many joined",
        "nothing more is sent",
        "more is sent",
        "what was sent before is unknown",
        "one of two supports it",
        "rooms support it",
        "one large meeting: flat rooms alone prove nothing",
        "nothing is sent at all",
    ],
)
def test_what_contradicts_a_jump(told: dict[str, float], state: DemandState) -> None:
    reading = judge(JUMP, pool("eu").spec.demand, now=NOW)
    assert doubted(reading, JUMP, Evidence(**told)).demand.state is state


def test_the_reason_names_what_stood_still() -> None:
    reading = judge(JUMP, pool("eu").spec.demand, now=NOW)
    flat = Evidence(joined=3.0, egress=5e8, egress_before=5e8)
    assert doubted(reading, JUMP, flat).reason == (
        "participants rose from 400 to 1000 in five minutes while joins and egress did not"
    )
    assert doubted(reading, JUMP, flat).demand.participants == 1000.0


def test_a_number_that_is_not_trusted_anyway_keeps_its_reason() -> None:
    stale = Facts(participants=1000.0, before=400.0, age=100.0)
    reading = judge(stale, pool("eu").spec.demand, now=NOW)
    assert doubted(reading, stale, Evidence(joined=0.0)) is reading
