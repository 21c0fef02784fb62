"""`simulate` on a scenario of four hours, with the policies that need no forecaster."""

import json
from pathlib import Path

import pandas as pd

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
    "meetings_lost",
    "link_cost",
    "thinned_participant_minutes",
    "approvals",
    "approval_wait_hours",
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


def trace(folder: Path, *, days: int) -> Path:
    """A rising and falling load every quarter-hour, in the columns that `fetch` writes."""
    path = folder / "load.csv"
    times = pd.date_range("2026-01-05", periods=96 * days, freq="15min", tz="UTC")
    values = [50 + 50 * abs(index % 96 - 48) / 48 for index in range(96 * days)]
    table = pd.DataFrame({"series_id": "eu", "timestamp": times, "value": values})
    table.to_csv(path, index=False)
    return path


def test_a_measured_load_takes_the_place_of_the_demand(
    meetscale: Command, small: Path, tmp_path: Path
) -> None:
    outcome = meetscale(
        "simulate", str(small), "--policy", "static-peak", "--json",
        "--demand", str(trace(tmp_path, days=3)), "--peak", "2000",
    )  # fmt: skip

    document = json.loads(outcome.out)
    assert outcome.status == 0
    assert document["simulated_seconds"] == 2 * 86_400 - 1800
    assert document["policies"]["clairvoyant"]["peak_nodes"] < 12
    assert document["assertions"] == [], "they are about the scenario's own demand"


def test_a_measured_load_needs_a_peak(meetscale: Command, small: Path, tmp_path: Path) -> None:
    outcome = meetscale("simulate", str(small), "--demand", str(trace(tmp_path, days=3)))

    assert outcome.status == 2
    assert outcome.err == (
        "meetscale: --demand needs --peak: how many participants its largest value is\n"
    )


def test_a_peak_without_a_measured_load_is_refused(meetscale: Command, small: Path) -> None:
    outcome = meetscale("simulate", str(small), "--peak", "2000")

    assert outcome.status == 2
    assert "--peak and --series go with --demand" in outcome.err


def test_the_name_of_a_report_says_its_format(
    meetscale: Command, small: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "small.png"

    meetscale("simulate", str(small), "--policy", "hpa", "--report", str(picture))

    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_report_in_another_format_is_refused_before_the_replay(
    meetscale: Command, small: Path
) -> None:
    outcome = meetscale("simulate", str(small), "--policy", "hpa", "--report", "small.pdf")

    assert outcome.status == 2
    assert outcome.err == "meetscale: --report is small.pdf, must end in .html or .png\n"
