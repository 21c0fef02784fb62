"""`DemandEvent`: something on the calendar that changes how many people meet."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from autoscaler.resources.common import (
    Column,
    LabelSelector,
    Names,
    Part,
    Resource,
    ResourceStatus,
)
from autoscaler.resources.rules import rule
from autoscaler.resources.scalars import (
    Count,
    Country,
    Cron,
    Day,
    Identifier,
    Multiplier,
    PositiveParticipants,
    ShortText,
    Subdivision,
    Timestamp,
    TimeZone,
)


class Once(Part):
    """One dated occurrence."""

    start_time: Timestamp
    """When it begins, with its zone."""
    end_time: Timestamp
    """When it ends, with its zone."""

    @rule(
        "self.startTime < self.endTime",
        message="startTime must be before endTime",
        field="startTime",
    )
    def _begins_before_it_ends(self) -> bool:
        return self.start_time < self.end_time


class Recurring(Part):
    """Occurrences by the clock on the wall."""

    schedule: Cron
    """When it begins, as five cron fields: minute, hour, day, month, weekday."""
    time_zone: TimeZone
    """IANA time zone of the schedule and of exceptDates."""
    duration_seconds: Annotated[int, Field(strict=True, ge=60, le=604_800)]
    """How long it lasts, in seconds."""
    except_dates: Annotated[tuple[Day, ...], Field(max_length=64)] = ()
    """Local dates on which it does not take place."""


class Holiday(Part):
    """Every public holiday of a country or one of its subdivisions."""

    country: Country
    """ISO 3166 code of the country; "NO" needs its quotes."""
    subdivision: Subdivision | None = None
    """State or region with holidays of its own."""
    time_zone: TimeZone
    """IANA time zone in which the day begins and ends."""


class DemandEventSpec(Part):
    """What happens, when, to which pools, and how much it changes."""

    description: ShortText = ""
    """What it is, for people."""
    tag: Identifier | None = None
    """Events of one tag teach each other their multiplier; with a tag none has to be given."""
    pool_selector: LabelSelector = LabelSelector()
    """The pools concerned, by their labels; empty: all of the namespace."""
    once: Once | None = None
    """One dated occurrence."""
    recurring: Recurring | None = None
    """Occurrences by the clock on the wall."""
    holiday: Holiday | None = None
    """Every public holiday of a country."""
    multiplier: Multiplier | None = None
    """Scales the forecast; below 1 it lowers the forecast, never what observed demand needs."""
    participants_per_pool: PositiveParticipants | None = None
    """Participants to expect in each pool at least."""

    @rule(
        "[has(self.once), has(self.recurring), has(self.holiday)].exists_one(given, given)",
        message="exactly one of once, recurring and holiday must be set",
        field="once",
        reason="FieldValueRequired",
    )
    def _happens_in_one_way(self) -> bool:
        return sum(each is not None for each in (self.once, self.recurring, self.holiday)) == 1

    @rule(
        "!(has(self.multiplier) && has(self.participantsPerPool))",
        message="at most one of multiplier and participantsPerPool must be set",
        field="multiplier",
    )
    def _changes_in_one_way(self) -> bool:
        return self.multiplier is None or self.participants_per_pool is None

    @rule(
        "has(self.multiplier) || has(self.participantsPerPool) || has(self.tag)",
        message="one of multiplier and participantsPerPool must be set, or a tag to learn from",
        field="multiplier",
        reason="FieldValueRequired",
    )
    def _says_how_much_or_where_to_learn_it(self) -> bool:
        return not (self.multiplier is None and self.participants_per_pool is None and not self.tag)


class DemandEventStatus(ResourceStatus):
    """When it comes next, and what was learned."""

    next_start_time: Timestamp | None = None
    """When it begins next."""
    selected_pools: Count | None = None
    """Pools that the selector selects."""
    learned_multiplier: Multiplier | None = None
    """What past events of this tag turned out to be."""


class DemandEvent(Resource):
    """Something on the calendar that changes how many people meet."""

    names: ClassVar[Names] = Names(
        plural="demandevents",
        singular="demandevent",
        short="dev",
        columns=(
            Column("Tag", ".spec.tag"),
            Column("Next", ".status.nextStartTime"),
            Column("Pools", ".status.selectedPools", "integer"),
            Column("Multiplier", ".spec.multiplier"),
            Column("Participants", ".spec.participantsPerPool", "integer"),
            Column("Learned", ".status.learnedMultiplier"),
            Column("Ready?", '.status.conditions[?(@.type=="Ready")].status'),
            Column("Age", ".metadata.creationTimestamp", "date"),
        ),
    )

    kind: Literal["DemandEvent"] = "DemandEvent"
    spec: DemandEventSpec
    status: DemandEventStatus = DemandEventStatus()
