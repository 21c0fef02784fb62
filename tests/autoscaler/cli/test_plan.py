"""`plan` as a user drives it: its document, its table, and every refusal."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from tests.autoscaler.cli.conftest import Command
from tests.autoscaler.cli.demand import demand_table, write
from tests.autoscaler.prometheus.fake import Answer, FakePrometheus, series, success
from tests.autoscaler.whatif.worlds import LINK, POOL, TEXT

MIX = ("--set", "pools.eu.mix.egressMbps=2")
LIST = ("at", "target", "from", "to", "reasons", "needs_approval", "approve_by")


@pytest.fixture
def pool(tmp_path: Path) -> str:
    file = tmp_path / "pool.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return str(file)


@pytest.fixture
def load(tmp_path: Path) -> str:
    return write(demand_table(days=15, step=900, eu=1.0), tmp_path / "load.csv")


def document(meetscale: Command, *arguments: str) -> dict[str, Any]:
    outcome = meetscale("plan", *arguments, "--json")
    assert outcome.status == 0, outcome.err
    return dict(json.loads(outcome.out))


def test_json_has_the_documented_shape(meetscale: Command, pool: str, load: str) -> None:
    committed = ("--set", "links.transit.spec.billing.model=Committed")  # no burst is free
    event = ("--what-if", "10x@10:00+8h")
    found = document(meetscale, pool, "--history", load, *event, *committed, *MIX)

    assert list(found) == ["now", "pools", "links", "cost"]
    assert found["now"] == "2026-03-02T00:00:00Z"
    assert list(found["cost"]) == ["planned", "reactive_only", "currency"]
    assert found["cost"]["currency"] == "EUR"
    assert found["cost"]["planned"] >= found["cost"]["reactive_only"] > 0.0
    for each in (*found["pools"], *found["links"]):
        assert list(each) == [
            "name",
            "risk_quantile",
            "lead_time_p95_seconds",
            "steps",
            "limits",
            "explanation",
        ]
        assert each["risk_quantile"] == 0.95
        assert each["steps"]
        for step in each["steps"]:
            assert tuple(step) == LIST
            assert step["needs_approval"] == (step["approve_by"] is not None)
            assert all(isinstance(reason, str) for reason in step["reasons"])
        for limit in each["limits"]:
            assert list(limit) == ["name", "demand", "date_p50", "date_p90"]
        for link in each["explanation"]:
            assert list(link) == ["step", "inputs", "value"]
    assert [each["name"] for each in found["pools"]] == ["eu"]
    assert [each["name"] for each in found["links"]] == ["transit"]
    assert found["pools"][0]["steps"][-1]["to"] > 80
    resources = [each["step"] for each in found["pools"][0]["explanation"]]
    assert "Resource participants" in resources


def test_at_hides_what_came_later(meetscale: Command, pool: str, load: str) -> None:
    found = document(meetscale, pool, "--history", load, "--at", "2026-02-27T11:07Z")
    assert found["now"] == "2026-02-27T11:07:00Z"
    whole = document(meetscale, pool, "--history", load)
    assert (
        found["pools"][0]["explanation"][0]["value"] > whole["pools"][0]["explanation"][0]["value"]
    )


def test_people_get_steps_limits_reasons_and_money(
    meetscale: Command, pool: str, load: str
) -> None:
    told = ("--what-if", "10x@10:00+8h", "--set", "pools.eu.spec.maxReplicas=60", *MIX)
    out = meetscale("plan", pool, "--history", load, *told).out
    assert "Plan as of Mon 2 Mar 00:00 UTC" in out
    assert "MaxReplicas" in out
    assert "Limit maxReplicas bites at 6,000 participants" in out
    assert "  Why:\n" in out
    assert "Resource participants" in out
    assert "Cost over the forecast: planned" in out


def test_a_short_history_and_unknown_traffic_are_said(
    meetscale: Command, pool: str, tmp_path: Path
) -> None:
    short = write(demand_table(days=3, step=900, eu=1.0), tmp_path / "short.parquet")
    out = meetscale("plan", pool, "--history", short).out
    assert "The forecast is shown and not acted on" in out
    assert "nobody knows what a participant of eu is sent: --set pools.NAME.mix.egressMbps" in out
    assert "Nothing is to be ordered." in out


def test_a_series_without_a_name_is_the_only_pools(
    meetscale: Command, pool: str, tmp_path: Path
) -> None:
    table = demand_table(days=8, step=900, eu=1.0).drop(columns="series_id")
    assert document(meetscale, pool, "--history", write(table, tmp_path / "x.csv"))["pools"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "plan needs --history FILE or --prometheus URL, and not both"),
        (
            ("--history", "LOAD", "--prometheus", "http://x"),
            "plan needs --history FILE or --prometheus URL, and not both",
        ),
        (("--history", "none.csv"), "none.csv: No such file or directory"),
        (("--history", "LOAD", "--at", "soon"), "--at is 'soon', must be a time such as"),
        (("--history", "LOAD", "--at", "2020-01-01"), "begins at 2026-02-15T00:00:00Z"),
        (("--history", "LOAD", "--at", "2027-01-01"), "ends at 2026-03-02T00:00:00Z"),
        (("--history", "LOAD", "--what-if", "loss:zone=b"), "every pool has one zone only"),
        (("--history", "LOAD", "--what-if", "lots"), "has no @ before its start"),
        (("--history", "LOAD", "--set", "pools.us.spec=1"), "no entry 'us', must be one of eu"),
        (("--prometheus", "http://127.0.0.1:9"), "http://127.0.0.1:9"),
    ],
)
def test_what_cannot_be_planned_is_one_sentence(
    meetscale: Command, pool: str, load: str, arguments: tuple[str, ...], sentence: str
) -> None:
    told = (load if each == "LOAD" else each for each in arguments)
    outcome = meetscale("plan", pool, *told)
    assert (outcome.status, outcome.out) == (2, "")
    assert sentence in outcome.err
    assert outcome.err.count("\n") == 1


def test_series_are_found_by_the_pools_names_and_on_one_grid(
    meetscale: Command, tmp_path: Path, pool: str
) -> None:
    other = write(demand_table(days=8, us=1.0, asia=1.0), tmp_path / "other.csv")
    err = meetscale("plan", pool, "--history", other).err
    assert "has no series 'eu', there are us, asia: series_id must be the pool's name" in err


def test_series_that_come_at_different_pace_are_refused(meetscale: Command, tmp_path: Path) -> None:
    pools = tmp_path / "two.yaml"
    us = {**POOL, "metadata": {"name": "us", "namespace": "media"}}
    pools.write_text(yaml.safe_dump_all([POOL, us, LINK]), encoding="utf-8")
    parts = [demand_table(days=8, step=900, eu=1.0), demand_table(days=8, step=3600, us=1.0)]
    mixed = write(pd.concat(parts, ignore_index=True), tmp_path / "mixed.csv")
    err = meetscale("plan", str(pools), "--history", mixed).err
    assert "series come every 900 and every 3600 s, must all come as often" in err


def test_a_file_that_is_no_text_is_refused(meetscale: Command, tmp_path: Path, load: str) -> None:
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    assert "is not a text file" in meetscale("plan", str(binary), "--history", load).err


def steady(parameters: Mapping[str, str]) -> Answer:
    """Answer every query with 950 participants; the year 1970 knows nothing."""
    if "start" in parameters:
        first, last, step = (int(float(parameters[name])) for name in ("start", "end", "step"))
        told = [[time, "950"] for time in range(first, last + 1, step)]
        return success({"resultType": "matrix", "result": [{"metric": {}, "values": told}]})
    known = parameters.get("time") != "0"
    return series([{"metric": {}, "value": [0, "950"]}] if known else [])


def test_history_comes_by_the_pools_own_demand_query(meetscale: Command, pool: str) -> None:
    with FakePrometheus(steady) as prometheus:
        found = document(
            meetscale, pool, "--prometheus", prometheus.url, "--at", "2026-02-27T11:00Z"
        )
        queries = prometheus.queries
    assert found["now"] == "2026-02-27T11:00:00Z"
    assert found["pools"][0]["explanation"][0]["value"] == 950.0
    assert all("participants" in query for query in queries)
