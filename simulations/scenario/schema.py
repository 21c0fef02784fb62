"""A scenario: who wants to meet, what supply is like, what goes wrong, what should come of it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from autoscaler.resources.bounds import KeyedBy
from autoscaler.resources.common import LocalReference, Part
from autoscaler.resources.demandevent import DemandEvent
from autoscaler.resources.scalars import TimeZone
from autoscaler.resources.sfupool import SFUPool
from simulations.scenario.assertion import Assertion
from simulations.scenario.demand import OFFICE_MEETINGS, DemandSpec, Meetings, Starts
from simulations.scenario.links import Answers, ScenarioLink
from simulations.scenario.scalars import Moment, ScenarioName, Sentence, blame
from simulations.scenario.supply import Clients, Fault, MetricsPlane, Supply

_HOUR = 3600
_QUARTER = 900


class Category(StrEnum):
    """Where in the library a scenario stands."""

    ORDINARY = "ordinary"
    SURGE = "surge"
    METRICS = "metrics"
    SUPPLY = "supply"
    RECOVERY = "recovery"


class ScenarioPool(Part):
    """One pool: the resource as its owner would apply it, and the world around it."""

    resource: SFUPool
    """Replayed as Act where its mode is Observe."""
    demand: DemandSpec
    supply: Supply = Supply()
    egress_mbps: Annotated[float, Field(ge=0.0, le=100.0, allow_inf_nan=False)] = 0.0
    """What servers send to a participant, Mbit/s; 0: not known, and no link is loaded."""

    @property
    def name(self) -> str:
        """The name of the pool's resource."""
        return self.resource.metadata.name

    @property
    def links(self) -> tuple[LocalReference, ...]:
        """The links that its traffic leaves by."""
        return self.resource.spec.links


class Scenario(Part):
    """One replayable story."""

    name: ScenarioName
    title: Sentence
    category: Category
    description: Annotated[str, Field(strict=True, max_length=4000)] = ""
    provenance: Annotated[tuple[Sentence, ...], Field(min_length=1, max_length=20)]
    """Where the story and its numbers are from."""
    derived: Annotated[tuple[str, ...], Field(max_length=200)] = ()
    """Paths of the fields whose numbers are ours, not the sources'."""
    seed: Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)] = 0
    time_zone: TimeZone = "UTC"
    start: Moment
    duration_seconds: Annotated[int, Field(strict=True, ge=_HOUR, le=400 * 24 * _HOUR)]
    tick_seconds: Literal[15, 30, 60] = 60
    """How often the world moves, in seconds."""
    history_days: Annotated[int, Field(strict=True, ge=1, le=56)] = 28
    """Days of demand before the start that policies are given as history."""
    meetings: Meetings = OFFICE_MEETINGS
    starts: Starts = Starts()
    clients: Clients = Clients()
    metrics: MetricsPlane = MetricsPlane()
    pools: Annotated[tuple[ScenarioPool, ...], Field(min_length=1, max_length=64), KeyedBy("name")]
    links: Annotated[tuple[ScenarioLink, ...], Field(max_length=16), KeyedBy("name")] = ()
    events: Annotated[tuple[DemandEvent, ...], Field(max_length=100), KeyedBy("key")] = ()
    """What was announced on the calendar: told to policies that read it, whether or not it comes
    true."""
    answers: Answers = Answers()
    """How long people take to approve."""
    faults: Annotated[tuple[Fault, ...], Field(max_length=200), KeyedBy("name")] = ()
    assertions: Annotated[tuple[Assertion, ...], Field(max_length=50)] = ()

    @model_validator(mode="after")
    def _whole_ticks(self) -> Self:
        if self.duration_seconds % self.tick_seconds:
            raise blame(
                "durationSeconds", f"must be a multiple of tickSeconds, {self.tick_seconds}"
            )
        return self

    @model_validator(mode="after")
    def _starts_on_a_quarter_hour(self) -> Self:
        if self.epoch(self.start) % _QUARTER:
            raise blame("start", "must be on a quarter-hour: history is kept on that grid")
        return self

    @model_validator(mode="after")
    def _measured_demand_covers_it(self) -> Self:
        first = self.epoch(self.start) - self.history_days * 24 * _HOUR
        last = self.epoch(self.start) + self.duration_seconds
        for index, pool in enumerate(self.pools):
            if (measured := pool.demand.measured) is None:
                continue
            start = self.epoch(measured.start)
            end = start + (len(measured.values) - 1) * measured.step_seconds
            if start > first or end < last or max(measured.values) <= 0:
                message = (
                    f"must be above 0 somewhere and cover {self.history_days} days of history"
                    " and the scenario"
                )
                raise blame(f"pools.{index}.demand.measured.values", message)
        return self

    @model_validator(mode="after")
    def _pools_send_through_links(self) -> Self:
        known = {link.resource.key for link in self.links}
        for index, pool in enumerate(self.pools):
            names = [f"{pool.resource.metadata.namespace}/{each.name}" for each in pool.links]
            if unknown := set(names) - known:
                message = f"must name links of this scenario ({', '.join(sorted(known)) or 'none'})"
                raise blame(f"pools.{index}.resource.spec.links", f"{message}, not {min(unknown)}")
            if names and not pool.egress_mbps:
                raise blame(
                    f"pools.{index}.egressMbps", "must be above 0: the pool sends through links"
                )
        return self

    @model_validator(mode="after")
    def _faults_concern_pools(self) -> Self:
        known = {pool.name for pool in self.pools}
        for index, fault in enumerate(self.faults):
            if unknown := set(fault.pools) - known:
                message = f"must name pools of this scenario ({', '.join(sorted(known))})"
                raise blame(f"faults.{index}.pools", f"{message}, not {min(unknown)}")
        return self

    @model_validator(mode="after")
    def _rooms_fit_servers(self) -> Self:
        smallest = min(pool.resource.spec.server.participants for pool in self.pools)
        for index, meeting in enumerate(self.meetings):
            if (meeting.split_above or 0) > smallest:
                message = f"must fit on one server of {smallest}: a room lives on one node"
                raise blame(f"meetings.{index}.splitAbove", message)
            if meeting.split_above is None and meeting.participants.p95 > smallest:
                message = (
                    f"must fit on one server of {smallest}, or splitAbove must say how large its"
                    " rooms are: a room lives on one node"
                )
                raise blame(f"meetings.{index}.participants.p95", message)
        return self

    @property
    def ticks(self) -> int:
        """How many ticks it takes."""
        return self.duration_seconds // self.tick_seconds

    def faults_of(self, pool: str) -> tuple[Fault, ...]:
        """Return the faults that concern a pool."""
        return tuple(fault for fault in self.faults if not fault.pools or pool in fault.pools)

    def epoch(self, moment: datetime) -> int:
        """Return epoch seconds of a moment of this scenario."""
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(self.time_zone))
        return int(moment.timestamp())
