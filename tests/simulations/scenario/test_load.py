"""A malformed scenario is one sentence: file, line, field, value, what would be right."""

from pathlib import Path
from textwrap import dedent

import pytest
import yaml

from autoscaler.errors import SpecError
from simulations.scenario.load import load
from tests.simulations.small import document, link, pool, through_link

EVENT = {
    "apiVersion": "meetscale.io/v1alpha1",
    "kind": "DemandEvent",
    "metadata": {"name": "launch"},
    "spec": {
        "once": {"startTime": "2026-03-02T14:00:00Z", "endTime": "2026-03-02T15:00:00Z"},
        "participantsPerPool": 9000,
    },
}


def written(folder: Path, **fields: object) -> Path:
    path = folder / "mine.yaml"
    path.write_text(yaml.safe_dump(document(**fields), sort_keys=False))
    return path


def test_a_file_loads_as_it_stands(tmp_path: Path) -> None:
    loaded = load(str(written(tmp_path)))

    assert loaded.pools[0].name == "eu"
    assert loaded.duration_seconds == 4 * 3600


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"seed": -1}, "seed is -1: must be greater than or equal to 0"),
        ({"durationSeconds": 3601}, "durationSeconds is 3601: must be a multiple of"),
        ({"start": "tomorrow"}, "start is 'tomorrow': must be a local date and time"),
        ({"start": "2026-03-02T12:01:00"}, ": must be on a quarter-hour"),
        ({"timeZone": "Europe/Bonn"}, "timeZone is 'Europe/Bonn': must be an IANA time zone"),
        ({"sede": 3}, "sede is 3: is no field here (did you mean seed?)"),
        (
            {"pools": [pool(demand={"peakParticipants": 5, "surges": [{"factr": 3}]})]},
            "surges[0].factr is 3: is no field here, there are name, start, mult",
        ),
        (
            {"pools": [pool(demand={"peakParticipants": 5, "day": [1.0, 2.0]})]},
            "demand.day: must be 'Office', 'Evening' or 'Flat' or must have at least 24 items",
        ),
        (
            {"assertions": [{"text": "cheap", "that": "node_hours <= hpx.node_hours"}]},
            "assertions[0].that is 'node_hours <= hpx.node_hours': must name policies, like meet",
        ),
        (
            {"events": [EVENT | {"spec": {"multiplier": "2"}}]},
            "events[0].spec: exactly one of once, recurring and holiday must be set",
        ),
        (
            {"events": [EVENT, EVENT]},
            "events: must not list default/launch twice",
        ),
        (
            {"assertions": [{"text": "early", "that": "lead_margin_p5 >= 0"}]},
            "assertions[0].that is 'lead_margin_p5 >= 0': must name a metric",
        ),
        (
            {"pools": [pool(demand={"peakParticipants": -5})]},
            "pools[0].demand.peakParticipants is -5: must be greater than or equal to 0",
        ),
        (
            {"pools": [pool(demand={"peakParticipants": 5, "day": "Lazy"})]},
            "pools[0].demand.day is 'Lazy'",
        ),
        (
            {"pools": [pool(supply={"boot": {"p50Seconds": 600, "p95Seconds": 60}})]},
            "pools[0].supply.boot.p95Seconds is 60: must be at least p50Seconds, which is 600",
        ),
        (
            {"faults": [{"name": "f", "kind": "NoData", "start": "2026-03-02T12:00:00",
                         "durationSeconds": 60, "pools": ["us"]}]},
            "faults[0].pools: must name pools of this scenario (eu), not us",
        ),
        (
            {"faults": [{"name": "f", "kind": "StockOut", "start": "2026-03-02T12:00:00"}]},
            "faults[0].kind is 'StockOut': must have durationSeconds",
        ),
        (
            {"faults": [{"name": "f", "kind": "ZoneLoss", "start": "2026-03-02T12:00:00",
                         "durationSeconds": 60}]},
            "faults[0].durationSeconds is 60: must be left out: ZoneLoss happens at its start",
        ),
        (
            {"faults": [{"name": "f", "kind": "NoData", "start": "2026-03-02T12:00:00",
                         "durationSeconds": 60, "factor": 3}]},
            "faults[0].factor is 3: must be left out: it goes with SlowBoot",
        ),
        (
            {"pools": [pool(supply={"quota": [{"start": "2026-03-02", "servers": -1}]})]},
            "pools[0].supply.quota[0].servers is -1: must be greater than or equal to 0",
        ),
        (
            {"pools": [through_link()]},
            "pools[0].resource.spec.links: must name links of this scenario (none), not"
            " default/egress",
        ),
        (
            {"pools": [through_link() | {"egressMbps": 0}], "links": [link()]},
            "pools[0].egressMbps is 0: must be above 0: the pool sends through links",
        ),
        (
            {"links": [link(maxMbps=70_000)]},
            "links[0].resource.spec.maxMbps is 70000: maxMbps must not exceed portMbps",
        ),
        (
            {"assertions": [{"text": "never", "that": "blocked < few"}]},
            "assertions[0].that is 'blocked < few': must name a metric",
        ),
        (
            {"assertions": [{"text": "never", "that": "blocked_joins_pct is small"}]},
            "assertions[0].that is 'blocked_joins_pct is small': must be a comparison",
        ),
        ({"derived": ["pools.demand.valley"]}, "derived lists 'pools.demand.valley'"),
        ({"pools": [pool(), pool()]}, "pools: must not list eu twice"),
        (
            {"meetings": [{"name": "fair", "share": 1, "participants": {"p50": 400, "p95": 900},
                           "lengthSeconds": {"p50": 60, "p95": 90}, "scheduled": 0}]},
            "meetings[0].participants.p95 is 900: must fit on one server of 300, or splitAbove",
        ),
        (
            {"meetings": [{"name": "fair", "share": 1, "participants": {"p50": 400, "p95": 900},
                           "splitAbove": 301, "lengthSeconds": {"p50": 60, "p95": 90},
                           "scheduled": 0}]},
            "meetings[0].splitAbove is 301: must fit on one server of 300",
        ),
        (
            {"pools": [pool(demand={"peakParticipants": 5, "webinars": [
                {"name": "w", "start": "2026-03-02T12:00:00", "participants": 5,
                 "lengthSeconds": 60}]})]},
            "pools[0].demand.webinars[0].lengthSeconds is 60: must be at least arriveSeconds",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_field_and_value(
    tmp_path: Path, fields: dict[str, object], sentence: str
) -> None:
    path = written(tmp_path, **fields)

    with pytest.raises(SpecError) as refused:
        load(str(path))

    assert str(refused.value).startswith(f"{path}:")
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_line_of_the_field_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        dedent(
            """\
            name: mine
            title: Mine
            category: surge
            provenance: [me]
            start: 2026-03-02T12:00:00
            durationSeconds: 7200
            pools:
              - resource:
                  metadata: {name: eu}
                  spec: {}
                demand:
                  peakParticipants: many
            """
        )
    )

    with pytest.raises(SpecError, match=r"mine\.yaml:10: pools\[0\]\.resource\.spec\.demand"):
        load(str(path))


def test_a_resource_is_refused_with_its_own_rules(tmp_path: Path) -> None:
    broken = pool()
    broken["resource"]["spec"]["minReplicas"] = 200

    with pytest.raises(SpecError, match=r"minReplicas is 200: minReplicas must not exceed max"):
        load(str(written(tmp_path, pools=[broken])))


def test_an_unknown_scenario_lists_those_there_are() -> None:
    with pytest.raises(
        SpecError,
        match=r"'overnight-11x' is unknown \(did you mean overnight-10x\?\): .* ordinary-",
    ):
        load("overnight-11x")


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(SpecError, match=r"nowhere\.yaml cannot be read: No such file"):
        load("nowhere.yaml")


@pytest.mark.parametrize("text", ["", "- a list\n", "a: 1\n---\nb: 2\n", "a: [1\n"])
def test_what_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(text)

    with pytest.raises(SpecError, match=r"odd\.yaml.*must be"):
        load(str(path))


def test_an_override_that_breaks_the_scenario_is_blamed_on_the_override(tmp_path: Path) -> None:
    path = written(tmp_path)

    with pytest.raises(SpecError, match=r"^--set pools\.eu\.demand\.peakParticipants=-1: "):
        load(str(path), assignments=["pools.eu.demand.peakParticipants=-1"])
