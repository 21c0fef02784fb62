"""Dated events of all pools: expanded when something changed, and a bad one keeps no other."""

from typing import Any

from autoscaler.controller.agenda import Agenda
from autoscaler.resources.demandevent import DemandEvent
from autoscaler.resources.load import load_as
from tests.autoscaler.controller.fakes import START, sfupool

DAY = 86_400
POOLS = [sfupool("eu"), sfupool("us")]


def event(name: str, schedule: str = "0 9 * * 1") -> DemandEvent:
    recurring = {"schedule": schedule, "timeZone": "Europe/Berlin", "durationSeconds": 3600}
    spec: dict[str, Any] = {"multiplier": "2", "recurring": recurring}
    metadata = {"name": name, "namespace": "media", "uid": name, "generation": 1}
    return load_as(DemandEvent, {"metadata": metadata, "spec": spec})


def test_events_reach_four_weeks_back_and_two_ahead() -> None:
    found = Agenda().events([event("weekly")], POOLS, now=START)

    assert len(found) == 4 + 1 + 2
    assert found[4].start == START + 8 * 3600
    assert found[0].series_ids == frozenset({"media/eu", "media/us"})


def test_the_same_object_is_given_until_something_changes() -> None:
    agenda, weekly = Agenda(), event("weekly")
    first = agenda.events([weekly], POOLS, now=START)

    assert agenda.events([weekly], POOLS, now=START + 900) is first
    assert agenda.events([weekly], POOLS[:1], now=START + 900) is not first
    assert agenda.events([weekly], POOLS, now=START + DAY) is not first


def test_an_event_that_never_takes_place_keeps_no_other() -> None:
    agenda = Agenda()

    found = agenda.events([event("never", "99 9 * * 1"), event("weekly")], POOLS, now=START)

    assert {each.name for each in found} == {"media/weekly"}
    assert agenda.refused.keys() == {"media/never"}
