"""`simulate` on a scenario of four hours, with the policies that need no forecaster."""

import json
from pathlib import Path

from tests.autoscaler.cli.conftest import Command

NUMBERS = {
    "blocked_joins_pct",
    "degraded_participant_minutes",
    "shortage_node_minutes",
    "unavoidable_shortage_node_minutes",
    "avoidable_shortage_node_minutes",
    "longest_shortage_minutes",
    "lead_margin_p5_seconds",
    "idle_node_hours",
    "node_hours",
    "node_hours_vs_bound",
    "peak_nodes",
    "releases_while_blind",
    "meetings_killed",
    "cost",
    "elasticity",
}


def test_json_has_the_documented_shape(meetscale: Command, small: Path) -> None:
    outcome = meetscale(
        "simulate", str(small), "--policy", "hpa", "--policy", "static-peak", "--json"
    )

    document = json.loads(outcome.out)
    assert document.keys() == {
        "scenario",
        "seed",
        "simulated_seconds",
        "wall_seconds",
        "assertions",
        "policies",
    }
    assert document["scenario"] == "small"
    assert document["simulated_seconds"] == 4 * 3600
    assert document["assertions"] == [
        {"text": "Something was paid", "passed": True},
        {"text": "Nothing was paid", "passed": False},
    ]
    assert document["policies"].keys() == {"hpa", "static-peak", "clairvoyant"}
    assert all(numbers.keys() == NUMBERS for numbers in document["policies"].values())


def test_a_failed_assertion_is_named_and_exits_with_1(meetscale: Command, small: Path) -> None:
    outcome = meetscale("simulate", str(small), "--policy", "hpa")

    assert outcome.status == 1
    assert outcome.err == "meetscale: 1 of 2 assertions failed: Nothing was paid\n"


def test_without_one_it_exits_with_0(meetscale: Command, small: Path) -> None:
    outcome = meetscale("simulate", str(small), "--policy", "static-peak")

    assert (outcome.status, outcome.err) == (0, "")


def test_people_get_a_table_that_fits_their_terminal(meetscale: Command, small: Path) -> None:
    outcome = meetscale("simulate", str(small), "--policy", "hpa")

    assert "A quiet afternoon" in outcome.out
    for words in ("hpa ", "clairvoyant ", "✓ holds  Something was paid", "✗ failed Nothing"):
        assert words in outcome.out
    assert max(len(line.rstrip()) for line in outcome.out.splitlines()) <= 80


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(
    meetscale: Command, small: Path
) -> None:
    def policies(seed: int) -> object:
        asked = meetscale("simulate", str(small), "--policy", "hpa", "--json", "--seed", str(seed))
        return json.loads(asked.out)["policies"]

    assert policies(5) == policies(5)
    assert policies(5) != policies(6)


def test_a_field_can_be_changed(meetscale: Command, small: Path) -> None:
    outcome = meetscale(
        "simulate", str(small), "--policy", "hpa", "--json", "--set", "durationSeconds=7200"
    )

    assert json.loads(outcome.out)["simulated_seconds"] == 7200


def test_writes_a_report_and_says_where(meetscale: Command, small: Path, tmp_path: Path) -> None:
    report = tmp_path / "out" / "small.html"

    outcome = meetscale("simulate", str(small), "--policy", "hpa", "--report", str(report))

    assert f"Report: {report}" in outcome.out
    assert report.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_json_stays_alone_on_standard_output(
    meetscale: Command, small: Path, tmp_path: Path
) -> None:
    report = str(tmp_path / "small.html")

    outcome = meetscale("simulate", str(small), "--policy", "hpa", "--json", "--report", report)

    json.loads(outcome.out)
    assert f"Report: {report}" in outcome.err


def test_a_report_that_cannot_be_written_is_refused_before_the_replay(
    meetscale: Command, small: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    report = str(tmp_path / "file" / "report.html")

    outcome = meetscale("simulate", str(small), "--policy", "hpa", "--report", report)

    assert outcome.status == 2
    assert outcome.err.startswith(f"meetscale: --report {report} cannot be written: ")
    assert outcome.out == ""
