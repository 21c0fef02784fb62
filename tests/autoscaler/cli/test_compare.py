"""`meetscale compare` as people call it."""

import json
from pathlib import Path

from tests.autoscaler.cli.conftest import Command


def test_frontiers_as_json_and_as_a_picture(
    meetscale: Command, small: Path, tmp_path: Path
) -> None:
    plot = tmp_path / "frontiers.html"
    outcome = meetscale(
        *("compare", str(small), "--seeds", "2", "--jobs", "1", "--json", "--plot", str(plot)),
        *("--policy", "static-peak", "--dial", "static-peak=0.8,1.5", "--policy", "hpa"),
        *("--dial", "hpa=0.7"),
    )
    assert (outcome.status, outcome.err) == (0, "")
    points = json.loads(outcome.out)["frontiers"]
    assert [(each["policy"], each["dial"]) for each in points] == [
        ("hpa", 0.7),
        ("static-peak", 0.8),
        ("static-peak", 1.5),
    ]
    assert points[2]["cost_vs_bound"] > points[1]["cost_vs_bound"]
    assert points[2]["blocked_joins_pct"] <= points[1]["blocked_joins_pct"]
    assert {"scenario", "policy", "dial", "blocked_joins_pct", "cost_vs_bound"} <= points[0].keys()
    assert "static-peak" in plot.read_text(encoding="utf-8")


def test_any_number_of_processes_prints_the_same_bytes(meetscale: Command, small: Path) -> None:
    asked = (
        "compare",
        str(small),
        "--seeds",
        "3",
        "--json",
        "--policy",
        "hpa",
        "--dial",
        "hpa=0.7",
    )
    alone, three = (meetscale(*asked, "--jobs", jobs) for jobs in ("1", "3"))
    assert alone.status == 0
    assert three.out == alone.out


def test_people_get_a_table(meetscale: Command, small: Path) -> None:
    outcome = meetscale(
        *("compare", str(small), "--seeds", "1", "--jobs", "1"),
        *("--policy", "hpa", "--dial", "hpa=0.7"),
    )
    assert outcome.status == 0
    assert "hpa" in outcome.out
    assert "0.7" in outcome.out


def test_what_cannot_be_compared_is_told_first(meetscale: Command, small: Path) -> None:
    for arguments, sentence in (
        (("--dial", "hpa"), "--dial is 'hpa', must be POLICY=V1,V2, like hpa=0.5,0.7"),
        (("--policy", "kapa"), "policy 'kapa' is unknown"),
        (("--dial", "kapa=1"), "policy 'kapa' is unknown"),
        (("--policy", "hpa", "--dial", "phpa=0.7"), "--dial phpa: must be one of the policies"),
        (("--policy", "clairvoyant", "--dial", "clairvoyant=1"), "'clairvoyant' has no dial"),
        (("--dial", "hpa=0.7,7"), "policy 'hpa': target_utilization is 7, must be from 0.4"),
        (("--dial", "hpa=nan"), "policy 'hpa': target_utilization is nan, must be from 0.4"),
        (("--seeds", "0"), "--seeds is '0', must be greater than or equal to 1"),
        (("--jobs", "0"), "--jobs is '0', must be greater than or equal to 1"),
        (("--plot", "x.pdf"), "--plot is x.pdf, must end in .png or .html"),
    ):
        outcome = meetscale("compare", str(small), *arguments)
        assert outcome.status == 2
        assert sentence in outcome.err
