"""Observe, step, act: one tick for all pools at once. What is reported of it is the reporter's."""

import logging
from collections.abc import Callable, Mapping, Sequence

from autoscaler.controller.act import Intent, intend
from autoscaler.controller.agenda import Agenda
from autoscaler.controller.background import Background
from autoscaler.controller.calibrations import Calibrations, Remeasured
from autoscaler.controller.forecasts import Forecasts
from autoscaler.controller.foreseen import Foreseen, foreseen
from autoscaler.controller.memory import Memory
from autoscaler.controller.observe import observe, unread
from autoscaler.controller.orders import intend_order
from autoscaler.controller.planbook import PlanBook
from autoscaler.controller.releasing import Case, Released, Releasing
from autoscaler.controller.suppliers import Supplied, Suppliers
from autoscaler.controller.tick import LinkTick, PoolTick, Tick
from autoscaler.engine.config import EngineConfig
from autoscaler.engine.decision import Decision
from autoscaler.engine.observation import Observation
from autoscaler.engine.state import State
from autoscaler.engine.step import step
from autoscaler.ports.clock import Clock
from autoscaler.ports.demand import DemandSource, Reading, Usage
from autoscaler.ports.fleet import Fleet, FleetSnapshot, PoolSnapshot, Write, WriteResult
from autoscaler.ports.journal import Journal
from forecast.errors import MeetscaleError

LOG = logging.getLogger(__name__)


class Loop:
    """The operator between the outer world and the engine. Holds what a tick leaves to the next."""

    def __init__(
        self,
        *,
        fleet: Fleet,
        demand: DemandSource,
        forecasts: Forecasts | None,
        calibrations: Calibrations | None = None,
        journal: Journal,
        clock: Clock,
        config: EngineConfig,
        is_leader: Callable[[], bool],
        suppliers: Suppliers | None = None,
        releasing: Releasing | None = None,
    ) -> None:
        """`forecasts`, `calibrations` None: without any; `suppliers`: people buy, or nobody does.

        `releasing` None: by numbers only, whoever goes.

        `state` is the empty one until somebody sets another.
        """
        self._fleet = fleet
        self._demand = demand
        self._forecasts = forecasts
        self._calibrations = calibrations
        self._journal = journal
        self._clock = clock
        self._config = config
        self._is_leader = is_leader
        self._suppliers = suppliers or Suppliers({}, Background())
        self._releasing = releasing
        self._memory = Memory()
        self._foreseen: Mapping[str, Foreseen] = {}
        self.agenda = Agenda()
        self.plans = PlanBook()
        self.state = State.empty()

    def tick(self) -> Tick:
        """Look once, decide once, write what differs.

        Raises KubernetesError when the resources cannot be listed: nothing is known then, and
        nothing done.
        """
        began, now = self._clock.monotonic(), self._clock.now()
        fleet = self._fleet.observe(now=now)
        readings = self._read(fleet, now=now)
        remeasured = self._measure(fleet, readings, now=now)
        supplies = self._suppliers.look(fleet.links, now=now)
        observation = self._observe(fleet, readings, supplies, now=now)
        known = self.state.record
        before = self._foresee(observation, fleet)
        if before.forecast is not self.state.forecast or not self._foreseen:
            self._foreseen = foreseen(before)
        record = before.record
        standings = () if record is None or record is known else record.changes
        decision, self.state = step(observation, before, config=self._config)
        self._journal.append(before=before, observation=observation, decision=decision)
        pools = self._act(fleet, readings, observation, decision)
        links = self._order(fleet, supplies, observation, decision)
        return Tick(
            now=now,
            fleet=fleet,
            observation=observation,
            decision=decision,
            pools=pools,
            links=links,
            standings=standings,
            remeasured=remeasured,
            seconds=self._clock.monotonic() - began,
        )

    def _read(self, fleet: FleetSnapshot, *, now: int) -> Mapping[str, Reading]:
        pools = [pool.resource for pool in fleet.pools]
        try:
            return self._demand.read(pools, now=now) if pools else {}
        except MeetscaleError as error:
            LOG.warning("no demand: %s", error)
            return {pool.key: unread(str(error)) for pool in pools}
        except Exception:
            LOG.exception("no demand")
            return {}

    def _measure(
        self, fleet: FleetSnapshot, readings: Mapping[str, Reading], *, now: int
    ) -> tuple[Remeasured, ...]:
        if self._calibrations is None:
            return ()
        pools = [pool.resource for pool in fleet.pools]
        self.state = self._calibrations.renew(self.state, readings, pools, now=now)
        return self._calibrations.news

    def _observe(
        self,
        fleet: FleetSnapshot,
        readings: Mapping[str, Reading],
        supplies: Mapping[str, Supplied],
        *,
        now: int,
    ) -> Observation:
        pools = [pool.resource for pool in fleet.pools]
        self._memory.keep_only({pool.key for pool in fleet.pools})
        return observe(
            fleet,
            readings,
            memory=self._memory,
            plans=self.plans.merged(fleet.plans, now=now),
            events=self.agenda.events(fleet.events, pools, now=now),
            usage=self._usage(fleet, now=now),
            supplies=supplies,
            measured=self.state.measured,
            told=self._told,
            now=now,
        )

    def _told(self, pool: str) -> int:
        return 0 if self._releasing is None else self._releasing.told(pool)

    def _usage(self, fleet: FleetSnapshot, *, now: int) -> Mapping[str, Usage]:
        try:
            return self._demand.usage(fleet.links, now=now) if fleet.links else {}
        except Exception:
            LOG.exception("nothing is known of any link")
            return {}

    def _foresee(self, observation: Observation, fleet: FleetSnapshot) -> State:
        if self._forecasts is None:
            return self.state
        pools = [pool.resource for pool in fleet.pools]
        return self._forecasts.renew(self.state, observation, pools)

    def _act(
        self,
        fleet: FleetSnapshot,
        readings: Mapping[str, Reading],
        observation: Observation,
        decision: Decision,
    ) -> tuple[PoolTick, ...]:
        snapshots = {pool.key: pool for pool in fleet.pools}
        now = decision.at
        intents = {
            one.pool: intend(
                snapshots[one.pool],
                one,
                controls=observed.controls,
                trusted=one.pool in self.state.pools,
                now=now,
            )
            for observed, one in zip(observation.pools, decision.pools, strict=True)
        }
        released = self._release(snapshots, observation, decision, intents)
        writes = [intent.write for intent in intents.values() if intent.write is not None]
        results = self._write(writes)
        outlooks = {} if self.state.outlooks is None else self.state.outlooks.by_name
        ticks = []
        for observed, one in zip(observation.pools, decision.pools, strict=True):
            snapshot, intent = snapshots[one.pool], intents[one.pool]
            result = results.get(one.pool)
            self._memory.record(snapshot, intent, result, floor=one.floor, now=now)
            ticks.append(
                PoolTick(
                    at=now,
                    snapshot=snapshot,
                    reading=readings.get(one.pool) or unread(),
                    observed=observed,
                    decision=one,
                    intent=intent,
                    result=result,
                    written=self._memory.recall(snapshot),
                    foreseen=self._foreseen.get(one.pool),
                    outlook=outlooks.get(one.pool),
                    released=released.get(one.pool),
                )
            )
        return tuple(ticks)

    def _order(
        self,
        fleet: FleetSnapshot,
        supplies: Mapping[str, Supplied],
        observation: Observation,
        decision: Decision,
    ) -> tuple[LinkTick, ...]:
        """Begin to order what links need; a later tick says what became of it."""
        ticks = tuple(
            LinkTick(
                resource=link,
                supplied=supplies.get(link.key),
                observed=observed,
                decision=one,
                intent=intend_order(link, one, supplies.get(link.key)),
            )
            for link, observed, one in zip(
                fleet.links, observation.links, decision.links, strict=True
            )
        )
        orders = [tick.intent.order for tick in ticks if tick.intent.order is not None]
        if orders and self._is_leader():
            self._suppliers.place(orders, may_order=self._is_leader)
        return ticks

    def _release(
        self,
        snapshots: Mapping[str, PoolSnapshot],
        observation: Observation,
        decision: Decision,
        intents: dict[str, Intent],
    ) -> Mapping[str, Released]:
        """Tell servers that they may go, and keep numbers from falling before that."""
        if self._releasing is None:
            return {}
        cases = [
            Case(
                now=decision.at,
                snapshot=snapshots[one.pool],
                observed=observed,
                decision=one,
                intent=intents[one.pool],
            )
            for observed, one in zip(observation.pools, decision.pools, strict=True)
        ]
        safe, released = self._releasing.settle(cases, now=decision.at)
        intents.update(safe)
        return released

    def _write(self, writes: Sequence[Write]) -> dict[str, WriteResult]:
        if not writes or not self._is_leader():
            return {}
        results = self._fleet.write(writes, may_write=self._is_leader)
        return {result.write.pool.key: result for result in results}
