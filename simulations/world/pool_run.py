"""One pool under one policy: the door, the servers and the metrics, tick by tick."""

from dataclasses import dataclass, field
from itertools import chain
from typing import Protocol

from autoscaler.planner.reasons import Reason
from simulations.policy import PoolOrder, PoolView, Removal
from simulations.scenario.supply import MetricsPlane
from simulations.world.admission import Admission
from simulations.world.desk import Desk
from simulations.world.draining import Draining
from simulations.world.fleet import Load
from simulations.world.market import Loss
from simulations.world.occupancy import Occupancy
from simulations.world.plane import Plane, Sample
from simulations.world.pool import PoolWorld

_PRE_ROLL_SECONDS = 3600
_COVERED = 1.1
"""An approval covers a tenth more than was asked for, as the operator's plans do."""


class Fleet(Protocol):
    """Servers of one pool, whoever decides on them."""

    removal: Removal
    draining: Draining
    ready: int
    size: int

    @property
    def pending(self) -> int:
        """Ordered and not serving yet."""
        ...

    def lose(self, loss: Loss, load: Load, tick: int) -> int:
        """Take servers away that nobody released; return how many."""
        ...

    def order(self, size: int, load: Load, tick: int) -> int:
        """Take a new size; return how many servers were released for it."""
        ...

    def advance(self, tick: int) -> None:
        """Let a tick pass."""
        ...

    def paid(self, tick: int) -> int:
        """Return servers that cost money during this tick."""
        ...


@dataclass(slots=True)
class Columns:
    """What is kept of every tick."""

    present: list[float] = field(default_factory=list)
    blocked: list[float] = field(default_factory=list)
    degraded: list[float] = field(default_factory=list)
    ready: list[int] = field(default_factory=list)
    pending: list[int] = field(default_factory=list)
    draining: list[int] = field(default_factory=list)
    paid: list[int] = field(default_factory=list)
    floor: list[int] = field(default_factory=list)
    forecast: list[float] = field(default_factory=list)
    blind: list[bool] = field(default_factory=list)
    surge: list[bool] = field(default_factory=list)
    no_data: list[bool] = field(default_factory=list)
    reasons: list[tuple[Reason, ...]] = field(default_factory=list)


class PoolRun:
    """One pool's world moving under orders."""

    def __init__(self, world: PoolWorld, fleet: Fleet, metrics: MetricsPlane, start: int) -> None:
        latent = world.latent
        self.world = world
        self.fleet = fleet
        self.columns = Columns()
        self.releases_while_blind = 0
        self.meetings_killed = 0.0
        self.meetings_lost = 0.0
        self.present = 0.0
        self.desk = Desk(waits=world.answers, covered=_COVERED)
        self.admission = Admission(
            mix=world.mix,
            load=world.load,
            patience_ticks=world.patience_ticks,
            rejoin_ticks=world.rejoin_ticks,
        )
        self._occupancy = Occupancy(world.mix, rooms_per_server=world.rooms_per_server)
        self._last = PoolOrder(size=fleet.size)
        self._joins = latent.joins[latent.history_ticks :].tolist()
        self._latent = latent.participants[latent.history_ticks :].tolist()
        self._shut = frozenset(chain.from_iterable(world.doors_shut))
        self._nearly_full = metrics.nearly_full * world.load.refusing
        before = min(_PRE_ROLL_SECONDS // latent.tick_seconds, latent.history_ticks)
        self.plane = Plane(
            settings=metrics,
            stale_after=world.stale_after,
            min_visible=world.min_visible,
            failures=world.failures,
            tick_seconds=latent.tick_seconds,
            first=start - (before - 1) * latent.tick_seconds,
        )
        self._on_ready = 0.0
        self._occupied = 0
        self._warm_up(latent.participants[latent.history_ticks - before :][:before].tolist())

    def _warm_up(self, present: list[int]) -> None:
        """Fill the last hour before the run, in which the initial servers held all demand."""
        for participants in present:
            self._occupied = self._occupancy.advance(participants / self.world.load.usable)
            self._sample(float(participants), float(participants), refused=0.0)
            self._on_ready = float(participants)

    def view(self, now: int, tick: int) -> PoolView:
        """Return what a policy sees at `now`, during `tick`."""
        fleet, seen = self.fleet, self.plane.query(now)
        sample = seen.sample
        reporting = 0
        if sample is not None:
            reporting = min(fleet.ready, round(sample.ready * min(seen.visible, 1.0)))
        participants = cpu = None
        if sample is not None and reporting:
            participants = sample.on_ready / sample.ready
            rated, at_rated = self.world.load.rated, self.world.supply.cpu_at_rated
            cpu = min(participants / rated * at_rated, 1.0)
        empty = max(fleet.ready - self._occupied, 0)
        return PoolView(
            demand=seen.demand,
            participants=participants,
            cpu=cpu,
            reporting=reporting,
            ready=fleet.ready,
            pending=fleet.pending,
            draining=int(fleet.draining.servers[tick]),
            occupied=fleet.ready - int(empty * min(seen.visible, 1.0)),
            size=fleet.size,
            allowance=self.desk.allowance(now),
        )

    def order(self, order: PoolOrder, now: int, tick: int) -> None:
        """Carry out an order."""
        self._last = order
        if order.ask > order.size:
            self.desk.ask(order.ask, now)
        fleet, before = self.fleet, self.fleet.ready
        released = fleet.order(order.size, self._load(), tick)
        if released and self.plane.no_data(now):
            self.releases_while_blind += released
        if fleet.ready < before and fleet.removal is Removal.REPLICA_SET:
            self._take_away(before - fleet.ready, before)

    def _load(self) -> Load:
        return Load(
            participants=self._on_ready,
            rooms=self._on_ready / self.world.mix.mean_size,
            occupied=min(self._occupied, self.fleet.ready),
        )

    def _take_away(self, servers: int, before: int) -> None:
        self._occupancy.remove_blindly(servers / before)
        self._occupied = round(self._occupied * (1.0 - servers / before))

    def advance(self, now: int, tick: int, *, most: float) -> None:
        """Let one tick pass: servers boot, people come and go, metrics are taken.

        Links carry `most` participants.
        """
        fleet = self.fleet
        if (loss := self.world.market.losses.get(tick)) is not None and fleet.ready:
            before = fleet.ready
            self._take_away(fleet.lose(loss, self._load(), tick), before)
        fleet.advance(tick)
        killed = fleet.draining.killed(tick)
        self.meetings_killed += killed.rooms
        self.meetings_lost += killed.lost
        draining = float(fleet.draining.participants[tick])
        shut = tick in self._shut
        present, refused = self.admission.step(
            self._joins[tick],
            self._latent[tick],
            ready=fleet.ready,
            draining=draining,
            killed=killed.participants,
            most=most,
            shut=shut,
        )
        self.present = present
        self._on_ready = present - draining
        full = min(self._on_ready / self.world.load.usable, float(fleet.ready))
        self._occupied = self._occupancy.advance(full)
        self._sample(present, self._on_ready, refused=refused)
        self._keep(now, tick, present=present, blocked=0.0 if shut else refused)

    def _sample(self, present: float, on_ready: float, *, refused: float) -> None:
        ready = self.fleet.ready
        full = on_ready >= self._nearly_full * ready
        self.plane.samples.append(Sample(present, on_ready, refused, ready, full))

    def _keep(self, now: int, tick: int, *, present: float, blocked: float) -> None:
        columns, fleet, last = self.columns, self.fleet, self._last
        columns.present.append(present)
        columns.blocked.append(blocked)
        columns.degraded.append(self.world.load.degraded(self._on_ready, fleet.ready))
        columns.ready.append(fleet.ready)
        columns.pending.append(fleet.pending)
        columns.draining.append(int(fleet.draining.servers[tick]))
        columns.paid.append(fleet.paid(tick))
        columns.floor.append(fleet.size)
        columns.forecast.append(float("nan") if last.forecast is None else last.forecast)
        columns.blind.append(last.blind)
        columns.surge.append(last.surge)
        columns.no_data.append(self.plane.no_data(now))
        columns.reasons.append(last.reasons)
