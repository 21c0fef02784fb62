import json

from tests.autoscaler.cli.conftest import Command


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
        assert entry["provenance"]
        assert entry["duration_seconds"] >= 3600
