"""The ports in memory: a fleet one can see into, demand that fails on request, a clock one sets."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import TypeVar

from autoscaler.engine.decision import Decision
from autoscaler.engine.observation import Demand, DemandState, Observation
from autoscaler.engine.state import State
from autoscaler.errors import KubernetesError
from autoscaler.ports.demand import BookingsRead, Reading, Usage
from autoscaler.ports.fleet import (
    FleetSnapshot,
    Outcome,
    PoolSnapshot,
    ServerCounts,
    TargetSnapshot,
    Write,
    WriteResult,
)
from autoscaler.ports.reports import Notice, StatusReport, Subject
from autoscaler.resources.capacityplan import CapacityPlan
from autoscaler.resources.egresslink import EgressLink
from autoscaler.resources.load import load_as
from autoscaler.resources.sfupool import SFUPool
from forecast.history import History

T = TypeVar("T")
START = 1_795_392_000
"""2026-11-23 00:00 UTC."""


def sfupool(name: str = "eu", **spec: object) -> SFUPool:
    """Return a pool in mode Act on an HPA, of servers for 100 participants."""
    body = {
        "mode": "Act",
        "demand": {"query": "participants"},
        "server": {"participants": 100},
        "target": {
            "group": "autoscaling",
            "version": "v2",
            "resource": "horizontalpodautoscalers",
            "name": f"sfu-{name}",
            "semantics": "Floor",
            "fieldPath": "/spec/minReplicas",
        },
        "minReplicas": 2,
        "maxReplicas": 100,
        **spec,
    }
    metadata = {"name": name, "namespace": "media", "uid": f"uid-{name}", "generation": 1}
    given = {key: value for key, value in body.items() if value is not None}
    return load_as(SFUPool, {"metadata": metadata, "spec": given})


def snapshot(
    resource: SFUPool, *, value: int = 2, ready: int = 2, **changes: object
) -> PoolSnapshot:
    """Return a pool whose target holds `value` and whose `ready` servers serve."""
    pool = PoolSnapshot(
        key=resource.key,
        resource=resource,
        target=TargetSnapshot(
            uid=f"target-{resource.metadata.name}",
            revision="1",
            value=value,
            maximum=None,
            ours=True,
        ),
        counts=ServerCounts(desired=value, existing=ready, ready=ready, terminating=0),
    )
    return replace(pool, **changes)  # type: ignore[arg-type]


class FakeFleet:
    """Targets that take what is written, and anything that can go wrong on request."""

    def __init__(self, *pools: PoolSnapshot) -> None:
        self.pools = {pool.key: pool for pool in pools}
        self.extra = FleetSnapshot(pools=())
        self.unlisted = False
        self.outcomes: dict[str, Outcome] = {}
        self.written: list[tuple[str, int]] = []

    def observe(self, *, now: int) -> FleetSnapshot:
        if self.unlisted:
            raise KubernetesError("GET /apis/meetscale.io: no answer from the API server")
        return replace(self.extra, pools=tuple(self.pools[key] for key in sorted(self.pools)))

    def write(
        self, writes: Sequence[Write], *, may_write: Callable[[], bool]
    ) -> Sequence[WriteResult]:
        return [self._write(write) for write in writes if may_write()]

    def _write(self, write: Write) -> WriteResult:
        key = write.pool.key
        outcome = self.outcomes.get(key, Outcome.WRITTEN)
        if outcome is Outcome.WRITTEN:
            self.written.append((key, write.number))
            target = replace(write.target, value=write.number, ours=True)
            self.pools[key] = replace(self.pools[key], target=target)
        return WriteResult(write, outcome, "" if outcome is Outcome.WRITTEN else "refused so")


class FakeDemand:
    """Participants by pool; a pool without any reads as empty."""

    def __init__(self, **participants: float) -> None:
        self.participants = {f"media/{name}": value for name, value in participants.items()}
        self.error: Exception | None = None
        self.carried = Usage(None, "no answer")
        self.histories = 0
        self.booked = BookingsRead(None, {})

    def read(self, pools: Sequence[SFUPool], *, now: int) -> Mapping[str, Reading]:
        if self.error is not None:
            raise self.error
        return {pool.key: self._reading(pool.key, now) for pool in pools}

    def _reading(self, key: str, now: int) -> Reading:
        participants = self.participants.get(key)
        if participants is None:
            empty = Demand(state=DemandState.EMPTY, participants=None, sample_time=None)
            return Reading(demand=empty, reason="no series")
        return Reading(
            demand=Demand(state=DemandState.OBSERVED, participants=participants, sample_time=now)
        )

    def usage(self, links: Sequence[EgressLink], *, now: int) -> Mapping[str, Usage]:
        return {link.key: self.carried for link in links if link.spec.usage is not None}

    def bookings(self, pools: Sequence[SFUPool], *, history: History, now: int) -> BookingsRead:
        return self.booked

    def history(self, pools: Sequence[SFUPool], *, now: int) -> History:
        self.histories += 1
        raise KubernetesError("no history in this test")


@dataclass
class ManualClock:
    """Moves when told to."""

    time: int = START

    def now(self) -> int:
        return self.time

    def monotonic(self) -> float:
        return float(self.time)


@dataclass
class MemoryJournal:
    """Lines in memory."""

    lines: list[tuple[State, Observation, Decision]] = field(default_factory=list)

    def append(self, *, before: State, observation: Observation, decision: Decision) -> None:
        self.lines.append((before, observation, decision))

    def close(self) -> None:
        pass


class MemoryStore:
    """Documents in memory."""

    def __init__(self) -> None:
        self.documents: dict[str, str] = {}
        self.down = False

    def load(self) -> Mapping[str, str]:
        if self.down:
            raise KubernetesError("no answer")
        return dict(self.documents)

    def save(self, key: str, document: str) -> None:
        self.documents[key] = document


class MemoryReports:
    """What was told."""

    def __init__(self) -> None:
        self.statuses: list[StatusReport] = []
        self.notices: list[Notice] = []
        self.plans: list[CapacityPlan] = []
        self.discarded: list[str] = []

    def write_status(self, report: StatusReport) -> None:
        self.statuses.append(report)

    def post(self, notice: Notice, *, now: int) -> None:
        self.notices.append(notice)

    def propose(self, plan: CapacityPlan, *, owner: Subject) -> None:
        self.plans.append(plan)

    def discard(self, plan: CapacityPlan) -> None:
        self.discarded.append(plan.metadata.name)

    def conditions(self, name: str) -> dict[str, tuple[str, str]]:
        """Return status and reason of each condition last told of a pool."""
        last = [one for one in self.statuses if one.subject.name == name][-1]
        return {one["type"]: (one["status"], one["reason"]) for one in last.status["conditions"]}


class AtOnce:
    """Runs a job when it is submitted."""

    def submit(self, job: Callable[[], T], /) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(job())
        except Exception as error:
            future.set_exception(error)
        return future
