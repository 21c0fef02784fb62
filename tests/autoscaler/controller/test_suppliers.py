"""Links that a provider supplies: what is ordered, and what one that lies or is gone costs."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import pytest

from autoscaler.controller.loop import Loop
from autoscaler.controller.notices import order_notices
from autoscaler.controller.plans import link_plan
from autoscaler.controller.secondary import link_findings, link_report
from autoscaler.controller.suppliers import Executor, Suppliers
from autoscaler.controller.tick import LinkTick
from autoscaler.controller.times import moment
from autoscaler.engine.config import EngineConfig
from autoscaler.errors import (
    BandwidthError,
    OrderConflictError,
    OrderRefusedError,
)
from autoscaler.ports.bandwidth import BandwidthOrder, Supply
from autoscaler.ports.demand import Usage
from autoscaler.ports.fleet import FleetSnapshot
from autoscaler.resources.capacityplan import ApprovalDecision, CapacityPlan, PlanApproval
from autoscaler.resources.egresslink import EgressLink, ProviderType
from tests.autoscaler.bandwidth.conftest import transit
from tests.autoscaler.controller.fakes import (
    AtOnce,
    FakeDemand,
    FakeFleet,
    ManualClock,
    MemoryJournal,
)

T = TypeVar("T")
HOUR = [{"upToMbps": 2000, "leadTimeSeconds": 3600}]
ASKED = [{"upToMbps": 2000, "leadTimeSeconds": 3600, "approver": "network-team"}]


@dataclass
class FakeProvider:
    """The port in memory."""

    ordered: float = 400.0
    delivered: float = 400.0
    refusal: str = ""
    owned: str = ""
    error: Exception | None = None
    order_error: Exception | None = None
    delivers: bool = True
    keys: list[str] = field(default_factory=list)
    bought: list[int] = field(default_factory=list)
    reads: int = 0

    def read(self, link: EgressLink) -> Supply:
        self.reads += 1
        if self.error is not None:
            raise self.error
        return Supply(
            ordered_mbps=self.ordered,
            delivered_mbps=self.delivered,
            revision=f"{self.ordered}",
            refusal=self.refusal,
            owned=self.owned,
        )

    def order(self, order: BandwidthOrder, *, may_order: Callable[[], bool]) -> str:
        self.keys.append(order.key)
        if not may_order():
            raise OrderConflictError("does not lead")
        if self.order_error is not None:
            raise self.order_error
        self.bought.append(order.to_mbps)
        self.ordered = float(order.to_mbps)
        if self.delivers:
            self.delivered = self.ordered
        return "thanks"


class Later:
    """Runs nothing until told to."""

    def __init__(self) -> None:
        self.jobs: list[Callable[[], None]] = []

    def submit(self, job: Callable[[], T], /) -> Future[T]:
        future: Future[T] = Future()
        self.jobs.append(lambda: future.set_result(job()))
        return future

    def run(self) -> None:
        while self.jobs:
            self.jobs.pop(0)()


class World:
    """A loop with one link and its provider."""

    def __init__(
        self, link: EgressLink, *, used: float = 590.0, executor: Executor | None = None
    ) -> None:
        self.fleet, self.demand = FakeFleet(), FakeDemand()
        self.fleet.extra = FleetSnapshot(pools=(), links=(link,))
        self.demand.carried = Usage(used)
        self.provider, self.clock, self.leads = FakeProvider(), ManualClock(), True
        self.loop = Loop(
            fleet=self.fleet,
            demand=self.demand,
            forecasts=None,
            journal=MemoryJournal(),
            clock=self.clock,
            config=EngineConfig(forecasting=False),
            is_leader=lambda: self.leads,
            suppliers=Suppliers({ProviderType.HTTP: self.provider}, executor or AtOnce()),
        )

    def tick(self, *, seconds: int = 5) -> LinkTick:
        self.clock.time += seconds
        (link,) = self.loop.tick().links
        return link

    def approve(self, tick: LinkTick) -> None:
        """Have somebody approve what the tick asks for."""
        assert tick.decision.approval is not None
        plan = link_plan(tick.resource, tick.decision.approval, now=self.clock.time)
        given = PlanApproval(
            decision=ApprovalDecision.APPROVED, user="ann", time=moment(self.clock.time)
        )
        signed: CapacityPlan = plan.model_copy(
            update={"spec": plan.spec.model_copy(update={"approval": given})}
        )
        self.fleet.extra = replace(self.fleet.extra, plans=(signed,))


def condition(tick: LinkTick, name: str = "ScalingActive") -> tuple[str, str]:
    (found,) = [one for one in link_findings(tick) if one.type == name]
    return found.status.value, found.reason


def status(tick: LinkTick) -> dict[str, Any]:
    return dict(link_report(tick, ()).status)


def test_what_is_needed_is_ordered_once_and_told() -> None:
    world = World(transit())

    first, second, third = world.tick(), world.tick(), world.tick()

    assert world.provider.bought == [600]
    assert first.intent.order is not None
    (notice,) = order_notices(second)
    assert notice.reason == "BandwidthOrdered"
    assert notice.note.startswith("400 to 600 Mbit/s (thanks): ReactiveNeed")
    assert list(order_notices(third)) == []
    assert condition(third) == ("True", "Ordered")
    assert condition(third, "Ready") == ("True", "AsIntended")
    assert status(third)["orderedMbps"] == 600
    assert status(third)["provider"] == {"deliveredMbps": 600}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"mode": "Observe"}, "ModeObserve"), ({"mode": "Recommend"}, None), ({"tiers": ASKED}, None)],
)
def test_nothing_is_ordered_unasked(changes: dict[str, object], reason: str | None) -> None:
    world = World(transit(**changes))

    ticks = [world.tick(seconds=60) for _ in range(3)]

    assert world.provider.bought == []
    assert (ticks[-1].intent.hold.reason if ticks[-1].intent.hold else None) == reason


@pytest.mark.parametrize("changes", [{"mode": "Recommend"}, {"tiers": ASKED}])
def test_an_approved_plan_is_ordered_and_no_more_than_it_says(changes: dict[str, object]) -> None:
    world = World(transit(**changes))
    asks = world.tick()
    world.approve(asks)
    world.demand.carried = Usage(1500.0)

    for _ in range(4):
        last = world.tick(seconds=40)

    assert world.provider.bought == [600]
    assert last.decision.approval is not None
    assert last.decision.approval.to == 1500


def test_who_does_not_lead_orders_nothing() -> None:
    world = World(transit())
    world.leads = False

    for _ in range(3):
        world.tick(seconds=60)

    assert world.provider.keys == []


def test_a_provider_that_has_not_answered_is_not_taken_for_one_without_anything() -> None:
    later = Later()
    link = transit()
    told = link.model_copy(update={"status": link.status.model_copy(update={"ordered_mbps": 700})})
    world = World(told, executor=later)

    tick = world.tick()

    assert condition(tick) == ("False", "ProviderNotRead")
    assert (tick.observed.ordered_mbps, tick.observed.delivered_mbps) == (700.0, 400.0)
    later.run()
    assert world.tick().intent.order is not None


def test_a_slow_provider_is_asked_one_thing_at_a_time_and_holds_up_no_tick() -> None:
    later = Later()
    world = World(transit(), executor=later)

    for _ in range(10):
        world.tick(seconds=40)
    assert len(later.jobs) == 1
    later.run()
    ordering = [world.tick(seconds=40) for _ in range(5)]

    assert len(later.jobs) == 1
    assert [tick.intent.order is not None for tick in ordering] == [True] + [False] * 4
    later.run()
    assert world.provider.bought == [600]


def test_a_provider_that_falls_silent_holds_and_what_it_said_last_counts() -> None:
    world = World(transit(), used=100.0)
    world.provider.ordered = world.provider.delivered = 800.0
    world.tick()
    world.provider.error = BandwidthError("provider desk cannot be reached: refused")
    world.demand.carried = Usage(1500.0)

    tick = [world.tick(seconds=31) for _ in range(10)][-1]

    assert condition(tick) == ("False", "ProviderUnreachable")
    assert condition(tick, "Ready") == ("False", "ProviderUnreachable")
    assert tick.observed.ordered_mbps == 800.0
    assert world.provider.keys == []
    world.provider.error = None
    world.tick(seconds=31)
    assert world.provider.bought == [1500]


def test_an_answer_that_is_old_says_nothing_of_now() -> None:
    later = Later()
    world = World(transit(), used=100.0, executor=later)
    world.tick()
    later.run()
    world.tick()

    tick = [world.tick(seconds=31) for _ in range(5)][-1]

    assert condition(tick) == ("False", "ProviderSilent")


@pytest.mark.parametrize(
    ("ordered", "delivered", "words"),
    [
        (600.0, 900.0, "900 Mbit/s are delivered, and that no more than 600 are ordered"),
        (300.0, 300.0, "300 Mbit/s are ordered, spec.committedMbps that 400 are bought"),
        (0.0, 0.0, "0 Mbit/s are ordered"),
    ],
)
def test_a_provider_that_contradicts_itself_is_not_believed(
    ordered: float, delivered: float, words: str
) -> None:
    world = World(transit(), used=100.0)
    world.tick()
    world.provider.ordered, world.provider.delivered = ordered, delivered
    world.demand.carried = Usage(1500.0)

    tick = world.tick(seconds=31)

    assert condition(tick) == ("False", "ProviderContradicted")
    assert tick.intent.hold is not None
    assert words in tick.intent.hold.message
    assert (tick.observed.ordered_mbps, tick.observed.delivered_mbps) == (400.0, 400.0)
    assert world.provider.keys == []


def test_less_delivered_than_before_is_believed_and_said() -> None:
    world = World(transit(), used=100.0)
    world.provider.ordered = world.provider.delivered = 800.0
    world.tick()
    world.provider.delivered = 500.0

    tick = world.tick(seconds=31)

    assert tick.observed.delivered_mbps == 500.0
    assert condition(tick) == ("True", "DeliveredLess")
    world.provider.delivered = 800.0
    assert condition(world.tick(seconds=31)) == ("True", "Ordered")


def test_what_was_given_back_is_not_missed() -> None:
    world = World(transit(), used=100.0)
    world.provider.ordered = world.provider.delivered = 800.0
    world.tick()
    world.provider.ordered = world.provider.delivered = 500.0

    assert condition(world.tick(seconds=31)) == ("True", "Ordered")


def test_a_refused_order_is_not_placed_again_for_an_hour() -> None:
    world = World(transit())
    world.provider.order_error = OrderRefusedError("provider desk answers 422: not sold")

    ticks = [world.tick(seconds=60) for _ in range(50)]

    assert len(world.provider.keys) == 1
    assert condition(ticks[-1]) == ("False", "OrderRefused")
    for _ in range(15):
        world.tick(seconds=60)
    assert len(world.provider.keys) == 2


def test_another_amount_is_asked_for_though_the_last_was_refused() -> None:
    world = World(transit())
    world.provider.order_error = OrderRefusedError("not sold")
    world.tick()
    world.tick(seconds=60)
    world.provider.order_error = None
    world.demand.carried = Usage(690.0)

    world.tick(seconds=60)

    assert world.provider.bought == [700]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (BandwidthError("no answer"), "OrderFailed"),
        (OrderConflictError("changed"), "OrderChanged"),
        (ZeroDivisionError(), "ProviderFailed"),
    ],
)
def test_an_order_that_failed_is_tried_again_under_the_same_key(
    error: Exception, reason: str
) -> None:
    world = World(transit())
    world.provider.order_error = error

    told = [condition(world.tick()) for _ in range(14)]

    assert told[1] == ("False", reason)
    assert 2 <= len(world.provider.keys) <= 4  # every half minute, not at each tick
    assert len(set(world.provider.keys)) == 1
    world.provider.order_error = None
    for _ in range(8):
        last = world.tick()
    assert world.provider.bought == [600]
    assert condition(last) == ("True", "Ordered")


def test_a_field_that_is_not_ours_is_not_written_and_it_is_said() -> None:
    world = World(transit())
    world.provider.refusal = "transits/euw1 /spec/rate belongs to kubectl"

    tick = world.tick()

    assert condition(tick) == ("False", "OrderingForbidden")
    assert world.provider.keys == []


def test_a_provider_of_a_kind_that_is_not_set_up_is_said() -> None:
    world = World(transit())
    world.loop._suppliers = Suppliers({}, AtOnce())

    assert condition(world.tick()) == ("False", "ProviderUnknown")


def test_what_is_ordered_and_not_delivered_feeds_servers_and_is_awaited() -> None:
    world = World(transit())
    world.provider.delivers = False
    world.tick()

    tick = world.tick()

    assert (tick.observed.ordered_mbps, tick.observed.delivered_mbps) == (600.0, 400.0)
    (awaited,) = world.loop.state.links["media/transit"].deliveries.awaited
    assert awaited.to_mbps == 600.0
