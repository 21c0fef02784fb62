"""`regions` as a user drives it: its document, its table, and every refusal."""

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from tests.autoscaler.cli.conftest import Command
from tests.autoscaler.cli.demand import write

SUPPLY: dict[str, Any] = {
    "server": {"participants": 100, "hourlyCost": "1.00"},
    "link": {"stepMbps": 100, "pricePerMbps": "0.50", "utilizationPercent": 100},
}
TWO: dict[str, Any] = {
    "currency": "EUR",
    "egressMbps": 1.0,
    "maxLatencyMs": 100,
    "regions": [
        {"name": "east", "peakParticipants": 1000, **deepcopy(SUPPLY)},
        {"name": "west", "peakParticipants": 1000, "utcOffsetHours": 12, **deepcopy(SUPPLY)},
    ],
    "pairs": [{"between": ["east", "west"], "latencyMs": 80, "followedPercent": 25}],
}


def put(document: dict[str, Any], tmp_path: Path) -> str:
    file = tmp_path / "regions.yaml"
    file.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return str(file)


def two_measured(tmp_path: Path, *, days: int = 1) -> str:
    """East asks for 1,000 in its first half-day and west in the second, 200 else."""
    times = pd.date_range("2026-03-02", periods=24 * days, freq="h", tz="UTC")
    east = np.where(times.hour < 12, 1000, 200)
    parts = [
        pd.DataFrame({"timestamp": times, "series_id": name, "value": values})
        for name, values in (("east", east), ("west", 1200 - east))
    ]
    return write(pd.concat(parts), tmp_path / "load.csv")


def test_json_has_the_documented_shape(meetscale: Command, tmp_path: Path) -> None:
    load = two_measured(tmp_path)
    outcome = meetscale("regions", put(TWO, tmp_path), "--demand", load, "--json")
    assert outcome.status == 0, outcome.err

    found = json.loads(outcome.out)

    # 12 servers at 720 and 1,200 Mbit/s at 0.50 in each; alone 20 and 2,000. What follows today is
    # a quarter: 1,000 of its own and 50 of 200
    assert found["monthly_cost"]["joint"] == 2 * (12 * 720 + 1200 * 0.5)
    assert found["monthly_cost"]["alone"] == 2 * (20 * 720 + 2000 * 0.5)
    assert found["monthly_cost"]["bound"] == found["monthly_cost"]["joint"]
    assert found["saving_percent"] == 40.0
    assert (found["ticks"], found["max_latency_ms"], found["uncovered"]) == (24, 100.0, [])
    assert found["regions"][0] == {
        "name": "east",
        "joint": {"servers": 12, "link_mbps": 1200},
        "alone": {"servers": 20, "link_mbps": 2000},
        "credited": {"servers": 11, "link_mbps": 1100},
    }
    assert found["routes"][-1] == {
        "lost": "west",
        "home": "west",
        "serving": "east",
        "share": 1.0,
        "credited": 0.25,
    }


def test_the_table_says_what_to_buy_and_what_it_saves(meetscale: Command, tmp_path: Path) -> None:
    outcome = meetscale("regions", put(TWO, tmp_path))
    assert outcome.status == 0, outcome.err
    assert "east" in outcome.out
    assert "are not credited: until it is, buy the larger" in outcome.out
    # 1,120 people at the fullest hour are 11.2 servers, of which one buys 12
    assert "18,480 EUR a month, each region alone 30,800 EUR: 40% saved, 7.1%" in outcome.out


def test_a_smaller_bound_isolates_regions_and_says_so(meetscale: Command, tmp_path: Path) -> None:
    outcome = meetscale("regions", put(TWO, tmp_path), "--latency-ms", "79")

    for name in ("east", "west"):
        assert f"the people of {name} within 79 ms while it is lost: uncovered" in outcome.out
    assert "EUR: 0% saved" in outcome.out


def test_the_guide_shows_what_is_printed(meetscale: Command, tmp_path: Path) -> None:
    guide = Path(__file__).parents[3] / "docs" / "guides" / "regions.md"
    blocks = re.findall(r"```(?:yaml)?\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
    file = tmp_path / "regions.yaml"
    file.write_text(blocks[0], encoding="utf-8")

    printed = meetscale("regions", str(file)).out.splitlines()

    assert [line.rstrip() for line in printed] == blocks[1].splitlines()[1:]


def changed(**changes: Any) -> dict[str, Any]:
    """Return TWO with fields of its second region replaced; None takes one away."""
    document = deepcopy(TWO)
    region = document["regions"][1]
    region.update(changes)
    document["regions"][1] = {name: value for name, value in region.items() if value is not None}
    return document


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (changed(peakParticipants=0), "regions.yaml:15: regions[1].peakParticipants is 0: must be"),
        (changed(peakParticipants=None), "region west has no peakParticipants: say it, or give"),
        (changed(name="east"), "regions.yaml:14: regions[1].name is 'east': comes twice"),
        (changed(server=None), "regions[1].server is missing"),
        (changed(servers=7), "regions[1].servers is no field here (did you mean server?)"),
        (changed(server={"participants": 9, "hourlyCost": 1.5}), "hourlyCost is 1.5: must be"),
        (TWO | {"pairs": [{"between": ["east", "wset"], "latencyMs": 1}]}, "did you mean west?"),
        (TWO | {"pairs": TWO["pairs"] * 2}, "pairs[1].between: must be two regions, each pair"),
        (TWO | {"pairs": [{"between": ["east", "east"], "latencyMs": 1}]}, "must be two regions"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    meetscale: Command, tmp_path: Path, document: dict[str, Any], sentence: str
) -> None:
    outcome = meetscale("regions", put(document, tmp_path))

    assert outcome.status == 2
    assert sentence in outcome.err
    assert outcome.err.count("\n") == 1


def test_what_cannot_be_had_is_told(meetscale: Command, tmp_path: Path) -> None:
    small = deepcopy(SUPPLY)
    small["link"]["maxMbps"] = 800

    outcome = meetscale("regions", put(changed(**small), tmp_path), "--latency-ms", "10")

    assert outcome.status == 2
    assert "west need 1,000 participants served, and at most 800 can be had in west" in outcome.err


def test_demand_is_of_the_regions_by_name(meetscale: Command, tmp_path: Path) -> None:
    load = two_measured(tmp_path)
    outcome = meetscale("regions", put(changed(name="north"), tmp_path), "--demand", load)
    assert outcome.status == 2  # the pair names west
    document = changed(name="north") | {"pairs": []}

    outcome = meetscale("regions", put(document, tmp_path), "--demand", load)

    assert outcome.status == 2
    assert "has no series 'north', there are east, west" in outcome.err


def test_the_last_week_of_a_file_is_planned_for(meetscale: Command, tmp_path: Path) -> None:
    load = two_measured(tmp_path, days=9)

    outcome = meetscale("regions", put(TWO, tmp_path), "--demand", load, "--json")

    assert json.loads(outcome.out)["ticks"] == 7 * 24


@pytest.mark.parametrize("text", ["[1]", "", "regions: [", "a: 1\n---\nb: 2"])
def test_what_is_no_mapping_is_refused(meetscale: Command, tmp_path: Path, text: str) -> None:
    file = tmp_path / "regions.yaml"
    file.write_text(text, encoding="utf-8")

    outcome = meetscale("regions", str(file))

    assert outcome.status == 2
    assert "must be one YAML mapping" in outcome.err or "must be YAML" in outcome.err
