"""`meetscale recommend` as people call it."""

import json
from pathlib import Path

from tests.autoscaler.cli.conftest import Command


def test_the_cheapest_that_meets_the_target_and_why_not_the_others(
    meetscale: Command, small: Path
) -> None:
    outcome = meetscale(
        *("recommend", str(small), "--seeds", "1", "--jobs", "1", "--json"),
        *("--quantile", "0.5", "--quantile", "0.99", "--bounds", "1..100", "--bounds", "1..4"),
    )
    assert (outcome.status, outcome.err) == (0, "")
    document = json.loads(outcome.out)
    assert document["recommended"]["bounds"] == [1, 100]
    rejected = [each["rejected"] for each in document["candidates"]]
    assert rejected[0] == ""
    assert sum("joins blocked" in each for each in rejected) == 2  # 4 servers hold 1,200 of 3,000


def test_exit_1_when_none_does(meetscale: Command, small: Path) -> None:
    outcome = meetscale(
        *("recommend", str(small), "--seeds", "1", "--jobs", "1"),
        *("--quantile", "0.95", "--bounds", "1..4"),
    )
    assert outcome.status == 1
    assert outcome.err == "meetscale: none of 1 candidates meets 0.10 %\n"
    assert "P95, 1 to 4 servers" in outcome.out


def test_what_cannot_be_tried_is_told_first(meetscale: Command, small: Path) -> None:
    for arguments, sentence in (
        (("--bounds", "6"), "--bounds is '6', must be MIN..MAX in servers, like 6..600"),
        (
            ("--zones-lost", "1"),
            "--zones-lost 1: pools[0].resource.spec.reserve.zonesLost is 1: ",
        ),
        (
            ("--bounds", "9..3"),
            "--bounds 9..3: pools[0].resource.spec.minReplicas is 9: ",
        ),
    ):
        outcome = meetscale("recommend", str(small), *arguments)
        assert outcome.status == 2
        assert sentence in outcome.err
