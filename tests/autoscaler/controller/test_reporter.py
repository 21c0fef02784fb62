"""What is told of a tick, and when."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from autoscaler.controller.conditions import Finding
from autoscaler.controller.findings import pool_findings
from autoscaler.controller.loop import Loop
from autoscaler.controller.outbox import Outbox
from autoscaler.controller.reporter import Reporter
from autoscaler.controller.tick import PoolTick
from autoscaler.engine.config import EngineConfig
from autoscaler.ports.demand import Usage
from autoscaler.ports.fleet import FleetSnapshot, InvalidResource, Outcome, Refusal, RefusalCode
from autoscaler.ports.reports import Subject
from autoscaler.resources.demandevent import DemandEvent
from autoscaler.resources.egresslink import EgressLink
from autoscaler.resources.load import load_as
from tests.autoscaler.controller.fakes import (
    FakeDemand,
    FakeFleet,
    ManualClock,
    MemoryJournal,
    MemoryReports,
    sfupool,
    snapshot,
)


class Told:
    """A loop whose reports one can read."""

    def __init__(self, fleet: FakeFleet, **participants: float) -> None:
        self.fleet, self.demand, self.clock = fleet, FakeDemand(**participants), ManualClock()
        self.reports, self.outbox = MemoryReports(), Outbox()
        self.loop = Loop(
            fleet=fleet,
            demand=self.demand,
            forecasts=None,
            journal=MemoryJournal(),
            clock=self.clock,
            config=EngineConfig(forecasting=False),
            is_leader=lambda: True,
        )
        self.reporter = Reporter(self.reports, self.outbox, self.loop.plans)
        self.outbox.start()

    def tick(self, *, seconds: int = 5) -> None:
        self.clock.time += seconds
        self.reporter.publish(self.loop.tick(), refused_events=self.loop.agenda.refused)
        assert self.outbox.flush(5.0)

    def reasons(self) -> list[str]:
        return [notice.reason for notice in self.reports.notices]


@pytest.fixture
def told() -> Iterator[Told]:
    told = Told(FakeFleet(snapshot(sfupool())), eu=1000.0)
    yield told
    told.outbox.close(0.0)


def test_every_condition_is_there_from_the_first_tick(told: Told) -> None:
    told.tick()

    assert told.reports.conditions("eu") == {
        "Ready": ("True", "AsIntended"),
        "MetricsAvailable": ("True", "Observed"),
        "ForecastReady": ("False", "NoForecast"),
        "ScalingActive": ("True", "Written"),
        "ScalingLimited": ("False", "WithinLimits"),
        "Blind": ("False", "DemandTrusted"),
        "Surge": ("False", "WithinHistory"),
        "Releasing": ("False", "ReleaseNever"),
    }


def test_status_says_what_was_seen_and_done(told: Told) -> None:
    told.tick()

    status = told.reports.statuses[-1].status
    assert status["observedGeneration"] == 1
    assert status["demand"]["participants"] == 1000
    assert status["capacity"] == {
        "need": 10,
        "written": 10,
        "ready": 2,
        "pending": 0,
        "draining": 0,
        "occupied": 2,
    }
    assert status["target"]["uid"] == "target-eu"


def test_without_news_a_status_is_written_once_a_minute(told: Told) -> None:
    told.tick()
    for _ in range(24):
        told.tick()

    assert len(told.reports.statuses) == 3


def test_blindness_is_told_at_once_and_its_end_too(told: Told) -> None:
    told.tick()
    seen = told.demand.participants
    told.demand.participants = {}
    told.tick()
    blind = told.reports.conditions("eu")
    told.demand.participants = seen
    told.tick()

    assert blind["Blind"] == ("True", "Empty")
    assert blind["MetricsAvailable"] == ("False", "Empty")
    assert blind["Ready"] == ("False", "Empty")
    assert told.reports.conditions("eu")["Blind"] == ("False", "DemandTrusted")
    assert told.reasons() == ["FloorRaised", "Empty", "Observed"]


def test_a_write_is_an_event_with_its_numbers_and_reasons(told: Told) -> None:
    told.tick()

    (notice,) = told.reports.notices
    assert (notice.reason, notice.action) == ("FloorRaised", "WriteTarget")
    assert notice.note.startswith("horizontalpodautoscalers/sfu-eu: 2 to 10: ReactiveNeed")


def test_a_refusal_is_a_condition_and_a_warning(told: Told) -> None:
    refusal = Refusal(RefusalCode.TARGET_PAUSED, "paused by an annotation: remove it")
    told.fleet.pools["media/eu"] = snapshot(sfupool(), refusal=refusal)

    told.tick()

    assert told.reports.conditions("eu")["ScalingActive"] == ("False", "TargetPaused")
    assert told.reports.conditions("eu")["Ready"] == ("False", "TargetPaused")
    assert [(n.reason, n.warning) for n in told.reports.notices] == [("TargetPaused", True)]


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Outcome.REFUSED, "FieldContested"),
        (Outcome.CHANGED, "WriteChanged"),
        (Outcome.FAILED, "WriteFailed"),
    ],
)
def test_a_write_that_was_not_done_says_why(told: Told, outcome: Outcome, reason: str) -> None:
    told.fleet.outcomes["media/eu"] = outcome

    told.tick()

    assert told.reports.conditions("eu")["ScalingActive"] == ("False", reason)


def test_a_maximum_that_binds_is_named_with_the_one_that_is_needed(told: Told) -> None:
    pool = told.fleet.pools["media/eu"]
    assert pool.target is not None
    told.fleet.pools["media/eu"] = replace(pool, target=replace(pool.target, maximum=8))

    told.tick()

    limited = next(
        one
        for one in told.reports.statuses[-1].status["conditions"]
        if one["type"] == "ScalingLimited"
    )
    assert limited["reason"] == "TargetMaximum"
    assert limited["message"] == "the target's own maximum is 8, the floor needs 10: raise it"


def test_an_invalid_resource_is_told_on_itself(told: Told) -> None:
    about = Subject(
        resource="sfupools", kind="SFUPool", namespace="media", name="bad", uid="9", generation=2
    )
    invalid = InvalidResource(subject=about, message="SFUPool media/bad: spec.mode is missing")
    told.fleet.extra = FleetSnapshot(pools=(), invalid=(invalid,))

    told.tick()

    assert told.reports.conditions("bad")["Ready"] == ("False", "InvalidSpec")
    assert told.reports.conditions("bad")["Blind"] == ("Unknown", "InvalidSpec")
    assert told.reports.conditions("eu")["Ready"] == ("True", "AsIntended")


def test_a_recommendation_waits_for_a_person_and_is_asked_for_once(told: Told) -> None:
    told.fleet.pools["media/eu"] = snapshot(sfupool(mode="Recommend"))

    told.tick()
    told.tick()

    (plan,) = told.reports.plans
    assert plan.spec.allowance.up_to == 11
    assert told.reports.statuses[-1].status["plan"] == plan.metadata.name
    assert told.fleet.written == []
    assert told.reports.conditions("eu")["ScalingActive"] == ("False", "ModeRecommend")
    assert "ApprovalRequested" in told.reasons()


def test_who_only_observes_asks_nobody(told: Told) -> None:
    told.fleet.pools["media/eu"] = snapshot(sfupool(mode="Observe", approval={"aboveReplicas": 5}))

    told.tick()

    assert told.reports.plans == []


def event(**spec: Any) -> DemandEvent:
    metadata = {"name": "all-hands", "namespace": "media", "uid": "2", "generation": 1}
    return load_as(DemandEvent, {"metadata": metadata, "spec": {"multiplier": "2.5", **spec}})


WEEKLY = {"timeZone": "Europe/Berlin", "durationSeconds": 5400}


def test_an_event_says_when_it_comes_next_and_whom_it_concerns(told: Told) -> None:
    weekly = event(recurring={"schedule": "55 15 * * 4", **WEEKLY})
    told.fleet.extra = FleetSnapshot(pools=(), events=(weekly,))

    told.tick()

    status = next(one for one in told.reports.statuses if one.subject.kind == "DemandEvent").status
    assert status["nextStartTime"] == "2026-11-26T14:55:00Z"
    assert status["selectedPools"] == 1
    assert told.reports.conditions("all-hands")["Ready"] == ("True", "AsIntended")


def test_an_event_that_never_takes_place_says_so(told: Told) -> None:
    never = event(recurring={"schedule": "99 15 * * 4", **WEEKLY})
    told.fleet.extra = FleetSnapshot(pools=(), events=(never,))

    told.tick()

    assert told.reports.conditions("all-hands")["Ready"] == ("False", "InvalidSpec")


def test_a_link_says_what_it_carries_and_what_is_ordered(told: Told) -> None:
    spec = {
        "portMbps": 2000,
        "committedMbps": 400,
        "stepMbps": 100,
        "maxMbps": 2000,
        "tiers": [{"upToMbps": 2000, "leadTimeSeconds": 3600}],
        "billing": {
            "model": "Percentile95",
            "timeZone": "Europe/Dublin",
            "currency": "EUR",
            "pricePerMbps": "0.45",
        },
    }
    metadata = {"name": "transit", "namespace": "media", "uid": "3", "generation": 1}
    link = load_as(EgressLink, {"metadata": metadata, "spec": spec})
    told.fleet.extra = FleetSnapshot(pools=(), links=(link,))

    told.tick()

    status = next(one for one in told.reports.statuses if one.subject.kind == "EgressLink").status
    assert (status["usedMbps"], status["orderedMbps"]) == (0, 400)
    assert status["freeBurstMinutesLeft"] >= 2015  # those of a February
    assert "exhausted" not in status
    assert told.reports.conditions("transit")["Ready"] == ("True", "AsIntended")


@pytest.mark.parametrize(
    ("usage", "used", "condition"),
    [
        (Usage(350.0), 350, ("True", "Observed")),
        (Usage(None, "usage.query gives no series: it must give one"), None, ("False", "Empty")),
    ],
)
def test_a_link_with_its_own_query_carries_what_that_says(
    told: Told, usage: Usage, used: int | None, condition: tuple[str, str]
) -> None:
    spec = {
        "portMbps": 2000,
        "committedMbps": 400,
        "stepMbps": 100,
        "maxMbps": 2000,
        "tiers": [{"upToMbps": 2000, "leadTimeSeconds": 3600}],
        "usage": {"query": "sum(sent)"},
    }
    metadata = {"name": "transit", "namespace": "media", "uid": "3", "generation": 1}
    link = load_as(EgressLink, {"metadata": metadata, "spec": spec})
    told.fleet.extra = FleetSnapshot(pools=(), links=(link,))
    told.demand.carried = usage

    told.tick()

    status = next(one for one in told.reports.statuses if one.subject.kind == "EgressLink").status
    assert status.get("usedMbps") == used
    assert told.reports.conditions("transit")["MetricsAvailable"] == condition


def test_absurd_demand_is_told_as_far_as_a_status_can_hold_it(told: Told) -> None:
    told.demand.participants = {"media/eu": 1e15}

    told.tick()

    assert told.reports.statuses[-1].status["demand"]["participants"] == 1_000_000_000


def test_what_cannot_be_told_of_one_object_silences_no_other(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.fleet.pools["media/bad"] = snapshot(sfupool("bad"))

    def broken(tick: PoolTick) -> tuple[Finding, ...]:
        if tick.snapshot.key == "media/bad":
            raise ZeroDivisionError
        return pool_findings(tick)

    monkeypatch.setattr("autoscaler.controller.reporter.pool_findings", broken)

    told.tick()

    assert {one.subject.name for one in told.reports.statuses} == {"eu"}
