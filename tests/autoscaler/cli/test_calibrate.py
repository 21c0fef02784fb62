"""`meetscale calibrate` against a Prometheus that answers what the test says."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autoscaler.capacity.samples import Column
from tests.autoscaler.cli.conftest import Command
from tests.autoscaler.prometheus.fake import FakePrometheus, success
from tests.autoscaler.prometheus.pools import NOW, points
from tests.autoscaler.resources.samples import MANIFESTS

WINDOWS = 60


@pytest.fixture
def prometheus() -> Iterator[FakePrometheus]:
    """Two hours of one LiveKit server: 0.002, 0.04 and 0.3 Mbit/s each, and 600 packets/s."""
    generator = np.random.default_rng(1)
    people = generator.uniform(20.0, 200.0, WINDOWS)
    audio, video = people * generator.uniform(0.5, 3.0, (2, WINDOWS))
    told = {
        Column.PARTICIPANTS: people,
        Column.ROOMS: people / 4.0,
        Column.AUDIO: audio,
        Column.VIDEO: video,
        Column.EGRESS: 0.002 * people + 0.04 * audio + 0.3 * video,
        Column.PACKETS_OUT: 60.0 * audio + 40.0 * video,
    }
    rows = [
        points(
            {NOW + 120 * n: float(value) for n, value in enumerate(values)},
            facet=column.value,
            job="sfu",
            instance="a",
        )
        for column, values in told.items()
    ]
    answer = success({"resultType": "matrix", "result": rows})
    with FakePrometheus(lambda _: answer) as fake:
        yield fake


@pytest.fixture
def nothing() -> Iterator[FakePrometheus]:
    with FakePrometheus(lambda _: success({"resultType": "matrix", "result": []})) as fake:
        yield fake


@pytest.fixture
def pool_file(tmp_path: Path) -> Path:
    file = tmp_path / "pool.yaml"
    file.write_text(
        (MANIFESTS / "samples" / "sfupool.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    return file


def test_programs_get_the_fit_and_what_it_would_change(
    meetscale: Command, prometheus: FakePrometheus, pool_file: Path
) -> None:
    outcome = meetscale("calibrate", str(pool_file), "--prometheus", prometheus.url, "--json")
    assert outcome.status == 0, outcome.err
    answer = json.loads(outcome.out)
    assert (answer["preset"], answer["samples"], answer["servers"]) == ("LiveKit", WINDOWS - 1, 1)
    egress, packets, cores = answer["fits"]
    told = {each["name"]: each["value"] for each in egress["coefficients"]}
    assert told == pytest.approx({"participants": 0.002, "audioStreams": 0.04, "videoStreams": 0.3})
    assert (egress["doubt"], packets["doubt"], cores["doubt"]) == ("", "", "nothing tells it")
    change, per = answer["change"], answer["per_participant"]
    assert change["measured"]["egressMbps"] == pytest.approx(per["egressMbps"])
    assert change["measured"]["cores"] == change["cold_start"]["cores"]
    # 2,000 Mbit/s by what each asks, and 450,000 packets/s: above the 400 of the sample
    assert (answer["server"]["full"], answer["server"]["binding"]) == (400.0, "participants")
    (request,) = prometheus.requests
    assert 'sfu_pool="eu-west-1"' in request["query"]


def test_people_get_tables(meetscale: Command, prometheus: FakePrometheus, pool_file: Path) -> None:
    outcome = meetscale("calibrate", str(pool_file), "--prometheus", prometheus.url)
    assert outcome.status == 0, outcome.err
    for words in ("59 samples of 120 s", "videoStreams", "evidence enough", "a participant asks"):
        assert words in outcome.out
    assert "one server: 400 participants in its spec" in outcome.out


def test_labels_and_preset_of_ones_own_replace_the_pools(
    meetscale: Command, prometheus: FakePrometheus, pool_file: Path
) -> None:
    arguments = ("--preset", "jvb", "--match", "region=eu", "--hours", "2", "--json")
    outcome = meetscale("calibrate", str(pool_file), "--prometheus", prometheus.url, *arguments)
    assert json.loads(outcome.out)["preset"] == "JVB"
    (request,) = prometheus.requests
    assert 'jitsi_jvb_local_endpoints{region="eu"}' in request["query"]
    assert "sfu_pool" not in request["query"]
    assert float(request["end"]) - float(request["start"]) == 2 * 3600 - 120


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        pytest.param([], "--preset is missing", id="no preset"),
        pytest.param(["--preset", "zoom"], "--preset is zoom", id="unknown preset"),
        pytest.param(["--preset", "bigbluebutton"], "neither egress nor CPU", id="no load"),
        pytest.param(["--preset", "livekit", "--match", "eu"], "--match is eu", id="no label"),
        pytest.param(["--preset", "livekit", "--from", "noon"], "--from is noon", id="no time"),
        pytest.param(
            ["--preset", "livekit", "--from", "2026-11-22T18:00", "--to", "2026-11-22T17:00"],
            "must be before",
            id="backwards",
        ),
        pytest.param(
            ["--preset", "livekit", "--from", "2026-11-22", "--hours", "2"],
            "--from and --hours",
            id="twice",
        ),
        pytest.param(
            ["--preset", "livekit", "--hours", "8760", "--window-seconds", "5"],
            "--window-seconds is 5",
            id="too many windows",
        ),
        pytest.param(["--preset", "livekit"], "has no LiveKit load", id="no data"),
        pytest.param(["missing.yaml"], "missing.yaml", id="no file"),
        pytest.param(["empty.yaml"], "empty.yaml", id="no pool"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    meetscale: Command,
    nothing: FakePrometheus,
    arguments: list[str],
    named: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty.yaml").write_text("")
    outcome = meetscale("calibrate", "--prometheus", nothing.url, *arguments)
    assert outcome.status == 2
    assert outcome.out == ""
    assert outcome.err.count("\n") == 1
    assert named in outcome.err


def test_a_prometheus_that_is_not_there_is_one_sentence(meetscale: Command) -> None:
    outcome = meetscale("calibrate", "--prometheus", "http://127.0.0.1:1", "--preset", "livekit")
    assert (outcome.status, outcome.out) == (2, "")
    assert "cannot be reached" in outcome.err
