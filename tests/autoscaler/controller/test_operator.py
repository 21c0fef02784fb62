"""The operator as it runs: what survives a restart, what it shows, and how it ends."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from autoscaler.controller.health import Health
from autoscaler.controller.loop import Loop
from autoscaler.controller.metrics import Metrics
from autoscaler.controller.operator import Operator
from autoscaler.controller.outbox import Outbox
from autoscaler.controller.reporter import Reporter
from autoscaler.controller.statekeeper import StateKeeper
from autoscaler.controller.term import Term
from autoscaler.controller.web import Web
from autoscaler.engine.config import EngineConfig
from autoscaler.ports.fleet import RefusalCode
from tests.autoscaler.controller.fakes import (
    FakeDemand,
    FakeFleet,
    ManualClock,
    MemoryJournal,
    MemoryReports,
    MemoryStore,
    sfupool,
    snapshot,
)


class Running:
    """An operator with everything around it in memory."""

    def __init__(self, fleet: FakeFleet, store: MemoryStore, **participants: float) -> None:
        self.fleet, self.store, self.clock = fleet, store, ManualClock()
        self.demand, self.metrics = FakeDemand(**participants), Metrics()
        self.health, self.reports = Health(self.clock, patience=60.0), MemoryReports()
        self.term: int | None = 1
        self.valid, self.looked, self.begun = True, True, 0
        self.operator = Operator(
            begin=self.begin,
            leadership=self,
            metrics=self.metrics,
            health=self.health,
            clock=self.clock,
            tick_seconds=0.01,
        )

    def holds(self, term: int | None) -> bool:
        return self.valid and term is not None and term == self.term

    def begin(self, number: int) -> Term:
        outbox = Outbox(may_send=lambda: self.holds(number))
        keeper = StateKeeper(self.store, outbox)
        loop = Loop(
            fleet=self.fleet,
            demand=self.demand,
            forecasts=None,
            journal=MemoryJournal(),
            clock=self.clock,
            config=EngineConfig(forecasting=False),
            is_leader=lambda: self.holds(number),
        )
        loop.state = keeper.load()
        self.begun += 1
        reporter = Reporter(self.reports, outbox, loop.plans)
        return Term(number=number, loop=loop, reporter=reporter, keeper=keeper, outbox=outbox)

    def turn(self, *, seconds: int = 5) -> None:
        self.clock.time += seconds
        self.operator.turn()

    def value(self, name: str, **labels: str) -> float | None:
        return self.metrics.registry.get_sample_value(name, labels)

    def stop(self) -> None:
        """Run once and end, as on SIGTERM."""
        stop = threading.Event()
        stop.set()
        self.operator.run(stop)


POOL = {"namespace": "media", "pool": "eu"}


@pytest.fixture
def running() -> Running:
    return Running(FakeFleet(snapshot(sfupool())), MemoryStore(), eu=1000.0)


def test_an_operator_that_restarts_blind_goes_on_from_what_was_kept(running: Running) -> None:
    running.turn()
    running.stop()

    after = Running(running.fleet, running.store)
    after.turn()

    assert after.value("meetscale_floor_servers", **POOL) == 10
    assert after.value("meetscale_scaling_active", **POOL) == 1
    assert after.value("meetscale_blind", **POOL) == 1


def test_an_operator_that_restarts_blind_without_state_writes_nothing(running: Running) -> None:
    running.turn()

    after = Running(running.fleet, MemoryStore())
    after.turn()

    assert after.value("meetscale_hold", **POOL, reason="BlindWithoutState") == 1
    assert after.fleet.written == [("media/eu", 10)]


def test_nothing_is_done_before_the_state_was_read(running: Running) -> None:
    running.store.down = True
    running.turn()
    before = list(running.fleet.written)
    running.store.down = False
    running.turn()

    assert before == []
    assert running.value("meetscale_ticks_total", result="unlisted") == 1
    assert running.fleet.written == [("media/eu", 10)]


def test_a_state_that_cannot_be_read_is_as_none(running: Running) -> None:
    running.store.documents = {"pools": '{"media/eu": {"floor": "many"}}'}

    running.turn()

    assert running.value("meetscale_ticks_total", result="done") == 1


def test_no_failure_of_a_tick_ends_the_operator(running: Running) -> None:
    running.fleet.unlisted = True
    running.turn()
    running.fleet.unlisted = False
    running.turn()

    assert running.value("meetscale_ticks_total", result="unlisted") == 1
    assert running.value("meetscale_ticks_total", result="done") == 1


def test_it_is_ready_after_a_complete_tick_and_alive_while_the_loop_comes_round(
    running: Running,
) -> None:
    running.fleet.unlisted = True
    running.turn()
    listed = running.health.ready
    running.fleet.unlisted = False
    running.turn()

    assert not listed
    assert running.health.ready
    assert running.health.alive
    running.clock.time += 61
    assert not running.health.alive


def test_a_pool_that_is_gone_leaves_no_series(running: Running) -> None:
    running.turn()
    running.fleet.pools.clear()
    running.turn()

    assert running.value("meetscale_floor_servers", **POOL) is None


def test_metrics_say_what_the_decision_says(running: Running) -> None:
    running.turn()

    assert running.value("meetscale_demand_participants", **POOL) == 1000
    assert running.value("meetscale_need_servers", **POOL) == 10
    assert running.value("meetscale_written_servers", **POOL) == 10
    assert running.value("meetscale_demand_state", **POOL, state="Observed") == 1
    assert running.value("meetscale_mode", **POOL, mode="Act") == 1
    assert running.value("meetscale_reason", **POOL, reason="ReactiveNeed") == 1
    assert running.value("meetscale_target_writes_total", **POOL, outcome="Written") == 1
    assert running.value("meetscale_forecast_participants", **POOL) is None


def test_stopping_tells_what_is_still_to_be_told_and_keeps_the_state(running: Running) -> None:
    running.turn()

    running.stop()

    assert "media/eu" in running.store.documents["pools"]
    assert running.reports.conditions("eu")["Ready"] == ("True", "AsIntended")


def test_who_stands_by_looks_at_nothing_and_is_ready(running: Running) -> None:
    running.term, running.looked = None, False
    running.turn()
    unseen = running.health.ready
    running.looked = True
    running.fleet.unlisted = True
    running.turn()

    assert not unseen
    assert running.health.role == "stands by"
    assert running.health.alive
    assert running.begun == 0
    assert running.value("meetscale_ticks_total", result="unlisted") is None


def test_who_takes_over_goes_on_from_what_the_other_kept(running: Running) -> None:
    other = Running(running.fleet, running.store)
    other.term = None
    other.turn()
    running.turn()
    running.stop()
    running.term, other.term = None, 1
    running.turn()
    other.turn()

    assert other.value("meetscale_floor_servers", **POOL) == 10
    assert other.value("meetscale_blind", **POOL) == 1
    assert running.value("meetscale_floor_servers", **POOL) is None


def test_a_term_whose_lease_is_in_doubt_writes_and_tells_nothing(running: Running) -> None:
    running.turn()
    running.demand.participants["media/eu"] = 2000.0
    running.valid = False
    running.turn()
    doubted = list(running.fleet.written)
    running.valid = True
    running.turn()

    assert doubted == [("media/eu", 10)]
    assert [pool for pool, _ in running.fleet.written] == ["media/eu", "media/eu"]
    assert running.begun == 1


def test_a_second_term_begins_with_nothing_of_the_first(running: Running) -> None:
    running.turn()
    running.store.documents.clear()
    running.demand.participants.clear()
    running.term = 2
    running.turn()

    assert running.begun == 2
    assert running.value("meetscale_hold", **POOL, reason="BlindWithoutState") == 1


@pytest.fixture
def web(running: Running) -> Iterator[Web]:
    web = Web(0, health=running.health, registry=running.metrics.registry)
    web.start()
    yield web
    web.close()


def status(web: Web, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{web.port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_probes_and_metrics_are_served(running: Running, web: Web) -> None:
    assert status(web, "/livez")[0] == 200
    assert status(web, "/readyz") == (503, "no complete tick yet\n")
    running.turn()

    assert status(web, "/readyz") == (200, "ready, leads\n")
    code, text = status(web, "/metrics")
    assert code == 200
    assert 'meetscale_floor_servers{namespace="media",pool="eu"} 10.0' in text
    assert status(web, "/else")[0] == 404


def test_the_guide_lists_every_metric_and_no_other(running: Running) -> None:
    guide = Path(__file__).parents[3] / "docs" / "guides" / "operator.md"
    described = set(re.findall(r"`(meetscale_\w+)", guide.read_text(encoding="utf-8")))

    served = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in running.metrics.registry.collect()
    }

    assert described == served


def test_the_guide_says_what_to_do_about_every_refusal() -> None:
    guide = Path(__file__).parents[3] / "docs" / "guides" / "operator.md"
    text = guide.read_text(encoding="utf-8")

    assert [code.value for code in RefusalCode if f"`{code}`" not in text] == []
