import json
from pathlib import Path

import yaml

from tests.autoscaler.cli.conftest import Command
from tests.simulations.small import document


def test_lists_the_shipped_scenarios_for_people(meetscale: Command) -> None:
    outcome = meetscale("scenarios")

    assert outcome.status == 0
    for name in ("overnight-10x", "ordinary-week", "prometheus-outage"):
        assert name in outcome.out


def test_lists_them_for_programs(meetscale: Command) -> None:
    entries = json.loads(meetscale("scenarios", "--json").out)

    names = [entry["name"] for entry in entries]
    assert names == sorted(names)
    assert "overnight-10x" in names
    for entry in entries:
        assert set(entry) == {
            "name",
            "title",
            "category",
            "description",
            "provenance",
            "derived",
            "duration_seconds",
        }
        assert entry["provenance"]
        assert entry["duration_seconds"] >= 3600


def test_explains_one_for_people(meetscale: Command) -> None:
    outcome = meetscale("scenarios", "stock-out-morning")

    assert outcome.status == 0
    for told in ("sold out", "StockOut sold-out", "█", "A good controller", "faults.start"):
        assert told in outcome.out


def test_numbers_that_are_ours_are_told_with_their_paths(meetscale: Command) -> None:
    out = meetscale("scenarios", "tencent-2020").out

    assert "- pools.resource.spec.server.participants: 80\n" in out
    assert "- pools.resource.spec.maxReplicas: 48,000; 45,000; 36,000; 22,000\n" in out
    assert "- links.resource.spec\n" in out


def test_what_begins_after_the_end_is_told(meetscale: Command, tmp_path: Path) -> None:
    fault = {"name": "typo", "kind": "NoData", "start": "2027-03-02T13:00", "durationSeconds": 60}
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(document(faults=[fault])))

    out = meetscale("scenarios", str(path)).out

    assert "never: 2027-03-02 13:00 is after the end" in out


def test_explains_one_for_programs(meetscale: Command) -> None:
    entry = json.loads(meetscale("scenarios", "stock-out-morning", "--json").out)

    assert entry["category"] == "supply"
    assert entry["duration_seconds"] == 18 * 3600


def test_an_unknown_one_is_refused_by_name(meetscale: Command) -> None:
    outcome = meetscale("scenarios", "stockout")

    assert outcome.status == 2
    assert (
        "scenario 'stockout' is unknown (did you mean stock-out-morning?): must be one of"
        in outcome.err
    )
