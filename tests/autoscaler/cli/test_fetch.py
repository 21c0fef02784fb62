"""`fetch` from a Prometheus that answers as told: chunks, interruptions, refusals."""

import math
import signal
import threading
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from tests.autoscaler.cli.conftest import Command
from tests.autoscaler.prometheus.fake import Answer, FakePrometheus, refusal, series, success

START = 1_772_409_600  # 2026-03-02T00:00:00Z
DAY = 86_400
SPAN = ("--from", "2026-03-02", "--to", "2026-03-06T00:00Z")
LIMIT = "exceeded maximum resolution of 11,000 points per timeseries"


def wave(time: int) -> float:
    return round(100.0 + 50.0 * math.sin(2.0 * math.pi * time / DAY), 3)


def told(request: Mapping[str, str], *pools: str, since: int = START) -> Answer:
    """Answer a range query with a wave for each pool; without one, for the bare series."""
    first, last, step = (int(float(request[name])) for name in ("start", "end", "step"))
    rows = [
        {
            "metric": {"pool": pool} if pool else {},
            "values": [[t, str(wave(t))] for t in range(first, last + 1, step) if t >= since],
        }
        for pool in pools or ("",)
    ]
    return success({"resultType": "matrix", "result": [row for row in rows if row["values"]]})


def arguments(fake: FakePrometheus, out: Path, *more: str) -> tuple[str, ...]:
    return ("fetch", "--prometheus", fake.url, "--query", "x", "--out", str(out), *more)


def starts(fake: FakePrometheus) -> list[int]:
    return [int(float(request["start"])) for request in fake.requests]


@pytest.mark.parametrize("name", ["demand.csv", "demand.parquet"])
def test_chunks_become_one_file(meetscale: Command, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    with FakePrometheus(lambda request: told(request, "eu", "us")) as fake:
        outcome = meetscale(*arguments(fake, out, *SPAN))

    assert outcome.status == 0
    table = pd.read_csv(out) if name.endswith("csv") else pd.read_parquet(out)
    assert list(table.columns) == ["series_id", "timestamp", "value"]
    assert set(table["series_id"]) == {"eu", "us"}
    times = pd.to_datetime(table["timestamp"], utc=True)
    eu = table[table["series_id"] == "eu"]
    assert len(eu) == 4 * 1440 + 1  # both ends
    assert eu["value"].tolist() == [wave(START + 60 * i) for i in range(len(eu))]
    assert times.is_monotonic_increasing
    assert starts(fake) == [START, START + 2000 * 60, START + 4000 * 60]
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_series_without_labels_has_a_name_too(meetscale: Command, tmp_path: Path) -> None:
    out = tmp_path / "demand.csv"
    with FakePrometheus(told) as fake:
        meetscale(*arguments(fake, out, *SPAN, "--step", "1h"))

    assert set(pd.read_csv(out)["series_id"]) == {"demand"}
    assert pd.read_csv(out)["timestamp"][0] == "2026-03-02T00:00:00Z"


@pytest.mark.parametrize("name", ["demand.csv", "demand.parquet"])
def test_a_run_that_was_cut_off_is_continued(meetscale: Command, tmp_path: Path, name: str) -> None:
    out, whole = tmp_path / name, tmp_path / f"whole-{name}"
    with FakePrometheus(lambda _: Answer(503, "gone")) as fake:
        fake.script = lambda request: (
            told(request, "eu", "us") if len(fake.requests) < 3 else Answer(503, "gone")
        )
        outcome = meetscale(*arguments(fake, out, *SPAN))
        assert outcome.status == 2
        assert outcome.err == (
            "meetscale: Prometheus cannot be reached: status 503 Service Unavailable\n"
        )
        fake.requests.clear()
        fake.script = lambda request: told(request, "eu", "us")
        assert meetscale(*arguments(fake, out, *SPAN)).status == 0
        last = START + 3999 * 60
        assert [start for start in starts(fake) if start >= START] == [last]
        meetscale(*arguments(fake, whole, *SPAN))

    assert out.read_bytes() == whole.read_bytes()


def test_control_c_leaves_a_whole_file(meetscale: Command, tmp_path: Path) -> None:
    out = tmp_path / "demand.csv"

    def script(request: Mapping[str, str]) -> Answer:
        if int(float(request["start"])) > START:
            # As a terminal does it: to the thread that waits for this answer.
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        return told(request)

    with FakePrometheus(script) as fake:
        outcome = meetscale(*arguments(fake, out, *SPAN))

    assert outcome.status == 130
    assert "Traceback" not in outcome.err
    assert len(pd.read_csv(out)) == 2000


def test_what_is_older_than_the_file_is_fetched_too(meetscale: Command, tmp_path: Path) -> None:
    out = tmp_path / "demand.csv"
    with FakePrometheus(told) as fake:
        late = ("--from", "2026-03-04", "--to", "2026-03-05", "--step", "1h")
        meetscale(*arguments(fake, out, *late))
        meetscale(*arguments(fake, out, *SPAN, "--step", "1h"))

    values = pd.read_csv(out)["value"].tolist()
    assert values == [wave(START + 3600 * i) for i in range(4 * 24 + 1)]


def test_a_second_run_asks_for_little_where_data_begin_late(
    meetscale: Command, tmp_path: Path
) -> None:
    out = tmp_path / "demand.csv"
    with FakePrometheus(lambda request: told(request, since=START + DAY)) as fake:
        for _ in range(2):
            assert meetscale(*arguments(fake, out, *SPAN, "--step", "1h")).status == 0
    assert len(pd.read_csv(out)) == 3 * 24 + 1


@pytest.mark.parametrize(
    "answer", [refusal(400, "bad_data", LIMIT), refusal(422, "execution", "too many samples")]
)
def test_what_is_too_much_at_once_is_asked_for_in_halves(
    meetscale: Command, tmp_path: Path, answer: Answer
) -> None:
    out = tmp_path / "demand.csv"

    def script(request: Mapping[str, str]) -> Answer:
        points = (float(request["end"]) - float(request["start"])) / float(request["step"]) + 1
        return answer if points > 600 else told(request)

    with FakePrometheus(script) as fake:
        outcome = meetscale(*arguments(fake, out, *SPAN))

    assert outcome.status == 0
    assert len(pd.read_csv(out)) == 4 * 1440 + 1


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (refusal(400, "bad_data", "1:3: parse error: unexpected end"), "parse error: unexpected"),
        (series([]), "the query gives no data from 2026-03-02T00:00:00Z to 2026-03-06T00:00:00Z"),
        (success({"resultType": "scalar", "result": [1, "2"]}), "gives a bare number or string"),
        (Answer(200, "<html>"), "does not answer as Prometheus does"),
        (
            success({"result": [{"metric": {"a": "x"}}, {"metric": {"b": "x"}}]}),
            "the query gives several series that would be called 'x'",
        ),
    ],
)
def test_what_prometheus_cannot_give_is_one_sentence_and_no_file(
    meetscale: Command, tmp_path: Path, answer: Answer, sentence: str
) -> None:
    out = tmp_path / "demand.csv"
    with FakePrometheus(lambda _: answer) as fake:
        outcome = meetscale(*arguments(fake, out, *SPAN))

    assert outcome.status == 2
    assert sentence in outcome.err
    assert outcome.err.count("\n") == 1
    assert not out.exists()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--from", "soon"), "--from is 'soon', must be a time such as"),
        (("--from", "2026-03-02", "--to", "2026-03-01"), "must be before 2026-03-01T00:00:00Z"),
        (("--step", "15"), "--step is '15', must be a duration such as 90m"),
        (("--step", "0m"), "--step is '0m', must be a duration"),
        (("--days", "0"), "--days"),
    ],
)
def test_a_wrong_option_is_named(
    meetscale: Command, tmp_path: Path, more: tuple[str, ...], sentence: str
) -> None:
    with FakePrometheus(told) as fake:
        outcome = meetscale(*arguments(fake, tmp_path / "demand.csv", *more))

    assert outcome.status == 2
    assert sentence in outcome.err
    assert outcome.err.count("\n") == 1
    assert fake.requests == []


def test_where_nobody_listens_is_said(meetscale: Command, tmp_path: Path) -> None:
    out = str(tmp_path / "demand.csv")
    nobody = ("--prometheus", "http://127.0.0.1:9", "--query", "x")

    outcome = meetscale("fetch", *nobody, "--out", out)

    assert outcome.status == 2
    assert "http://127.0.0.1:9 cannot be reached" in outcome.err
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("demand.txt", "", "must end in .csv or .parquet"),
        ("demand.csv", "a,b\n1,2\n", "is not a file that fetch wrote"),
        ("demand.parquet", "a,b\n1,2\n", "is not a Parquet file"),
        (
            "demand.csv",
            "series_id,timestamp,value\nx,2026-03-02T00:00:30Z,1\n",
            "was not fetched with a step of 60 s",
        ),
        ("no/demand.csv", None, "there is no folder"),
    ],
)
def test_a_file_that_cannot_go_on_is_left_alone(
    meetscale: Command, tmp_path: Path, name: str, content: str | None, sentence: str
) -> None:
    out = tmp_path / name
    if content is not None:
        out.write_text(content)
    with FakePrometheus(told) as fake:
        outcome = meetscale(*arguments(fake, out, *SPAN))

    assert outcome.status == 2
    assert sentence in outcome.err
    if content is not None:
        assert out.read_text() == content
