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


def test_explains_one_for_people(meetscale: Command) -> None:
    outcome = meetscale("scenarios", "stock-out-morning")

    assert outcome.status == 0
    for told in ("sold out", "StockOut sold-out", "█", "A good controller", "faults.start"):
        assert told in outcome.out


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
