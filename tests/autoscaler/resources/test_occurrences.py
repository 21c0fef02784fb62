"""When events take place, by the clock on the wall, checked against the calendar by hand."""

from datetime import datetime

import pytest

from autoscaler.errors import SpecError
from autoscaler.resources.demandevent import DemandEvent
from autoscaler.resources.load import load_object
from autoscaler.resources.occurrences import next_start, occurrences
from autoscaler.resources.sfupool import SFUPool
from forecast.calendar import Event
from tests.autoscaler.resources.samples import ABSENT, sample


def at(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def event(changes: dict[str, object] | None = None) -> DemandEvent:
    resource = load_object(sample("demandevent", changes))
    assert isinstance(resource, DemandEvent)
    return resource


def pool(changes: dict[str, object] | None = None) -> SFUPool:
    resource = load_object(sample("sfupool", changes))
    assert isinstance(resource, SFUPool)
    return resource


def expand(found: DemandEvent, start: str, end: str) -> tuple[Event, ...]:
    return occurrences([found], pools=[pool()], start=at(start), end=at(end))


def starts(found: DemandEvent, start: str, end: str) -> list[int]:
    return [each.start for each in expand(found, start, end)]


def recurring(schedule: str, **changes: object) -> DemandEvent:
    values = {"schedule": schedule, "timeZone": "Europe/Berlin", "durationSeconds": 5400}
    return event({"spec.recurring": {**values, **changes}})


def holiday(**values: object) -> DemandEvent:
    return event({"spec.recurring": ABSENT, "spec.holiday": values})


def test_a_schedule_stays_at_its_local_time_through_daylight_saving() -> None:
    # Berlin changes to summer time on 2026-03-29 and back on 2026-10-25
    assert starts(event(), "2026-03-25T00:00+01:00", "2026-04-03T00:00+02:00") == [
        at("2026-03-26T15:55+01:00"),
        at("2026-04-02T15:55+02:00"),
    ]
    assert starts(event(), "2026-10-21T00:00+02:00", "2026-10-30T00:00+01:00") == [
        at("2026-10-22T15:55+02:00"),
        at("2026-10-29T15:55+01:00"),
    ]


def test_what_the_clock_skips_takes_place_when_it_goes_on() -> None:
    found = starts(recurring("30 2 * * *"), "2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00")
    assert found == [at("2026-03-29T03:00+02:00")]


def test_what_the_clock_repeats_takes_place_once() -> None:
    found = starts(recurring("30 2 * * *"), "2026-10-25T00:00+02:00", "2026-10-26T00:00+01:00")
    assert found == [at("2026-10-25T02:30+02:00")]


def test_an_occurrence_carries_what_the_event_says() -> None:
    (found,) = expand(event(), "2026-11-26T00:00+01:00", "2026-11-27T00:00+01:00")
    assert found == Event(
        name="sfu/all-hands",
        series_ids=frozenset({"sfu/eu-west-1"}),
        start=at("2026-11-26T15:55+01:00"),
        end=at("2026-11-26T17:25+01:00"),
        multiplier=2.5,
        participants=None,
        tag="all-hands",
    )


def test_an_excepted_date_is_left_out() -> None:
    assert starts(event(), "2026-12-23T00:00+01:00", "2026-12-26T00:00+01:00") == []


def test_what_has_begun_and_not_ended_is_there() -> None:
    assert len(expand(event(), "2026-11-26T17:00+01:00", "2026-11-26T18:00+01:00")) == 1
    assert len(expand(event(), "2026-11-26T17:25+01:00", "2026-11-26T18:00+01:00")) == 0
    assert len(expand(event(), "2026-11-26T15:00+01:00", "2026-11-26T15:55+01:00")) == 0


def test_occurrences_that_run_into_each_other_are_one() -> None:
    (found,) = expand(recurring("0 9-16 * * *", durationSeconds=3600), "2026-11-23", "2026-11-24")
    assert (found.start, found.end) == (at("2026-11-23T09:00+01:00"), at("2026-11-23T17:00+01:00"))


def test_once() -> None:
    once = {"startTime": "2026-11-26T15:00:00Z", "endTime": "2026-11-26T17:00:00+01:00"}
    found = event({"spec.recurring": ABSENT, "spec.once": once})
    (dated,) = expand(found, "2026-11-01", "2026-12-01")
    assert (dated.start, dated.end) == (at("2026-11-26T15:00Z"), at("2026-11-26T16:00Z"))


def test_a_holiday_lasts_from_local_midnight_to_local_midnight() -> None:
    found = holiday(country="DE", timeZone="Europe/Berlin")
    assert [(each.start, each.end) for each in expand(found, "2026-09-30", "2026-11-30")] == [
        (at("2026-10-03T00:00+02:00"), at("2026-10-04T00:00+02:00"))
    ]


def test_a_holiday_on_which_clocks_change_has_its_own_length() -> None:
    # In 2024 clocks changed on Easter Sunday, a holiday of Brandenburg, before Easter Monday.
    found = holiday(country="DE", subdivision="BB", timeZone="Europe/Berlin")
    (easter,) = expand(found, "2024-03-30", "2024-04-03")
    assert (easter.end - easter.start) == 47 * 3600


def test_an_event_concerns_the_selected_pools_of_its_namespace() -> None:
    pools = [
        pool(),
        pool({"metadata.name": "us-east-1", "metadata.labels": {"continent": "us"}}),
        pool({"metadata.namespace": "elsewhere"}),
    ]
    start, end = at("2026-11-26"), at("2026-11-28")
    (found,) = occurrences([event()], pools=pools, start=start, end=end)
    assert found.series_ids == frozenset({"sfu/eu-west-1"})
    everywhere = event({"spec.poolSelector": {"matchLabels": {}}})
    (found,) = occurrences([everywhere], pools=pools, start=start, end=end)
    assert found.series_ids == frozenset({"sfu/eu-west-1", "sfu/us-east-1"})
    assert occurrences([event()], pools=pools[1:], start=start, end=end) == ()


def test_the_next_start() -> None:
    assert next_start(event(), now=at("2026-12-18T00:00+01:00")) == at("2026-12-31T15:55+01:00")
    past = {"startTime": "2026-11-26T15:00:00Z", "endTime": "2026-11-26T17:00:00Z"}
    once = event({"spec.recurring": ABSENT, "spec.once": past})
    assert next_start(once, now=at("2026-11-26T16:00Z")) is None


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (recurring("99 9 * * *"), r"sfu/all-hands: spec.recurring.schedule is '99 9 \* \* \*'"),
        (holiday(country="XX", timeZone="UTC"), "holidays of country 'XX' are unknown"),
        (holiday(country="DE", subdivision="ZZ", timeZone="UTC"), "subdivision 'ZZ' of DE"),
    ],
)
def test_what_never_takes_place_is_refused_by_name(found: DemandEvent, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        expand(found, "2026-11-23", "2026-11-24")
