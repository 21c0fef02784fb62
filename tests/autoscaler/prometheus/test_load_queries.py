"""What an answer about load becomes."""

from autoscaler.capacity.samples import Column
from autoscaler.prometheus.client import PrometheusClient
from autoscaler.prometheus.load_queries import question, read_samples
from autoscaler.resources.demand import Preset
from tests.autoscaler.prometheus.fake import FakePrometheus, success
from tests.autoscaler.prometheus.pools import NOW, points


def test_every_question_names_the_window_and_the_labels() -> None:
    asked = question(Preset.LIVEKIT, matchers='pool="eu"', window_seconds=90)
    assert 'rate(livekit_packet_bytes{direction="outgoing",pool="eu"}[90s])' in asked
    assert "$" not in asked


def test_streams_that_never_were_are_none_and_windows_that_tell_half_are_left_out() -> None:
    def target(facet: Column, values: dict[int, float | str], name: str = "a") -> dict[str, object]:
        return points(values, facet=facet.value, job="sfu", instance=name)

    rows = [
        target(Column.PARTICIPANTS, {NOW: 4.0, NOW + 60: 6.0}),
        target(Column.EGRESS, {NOW: 1.5, NOW + 60: 2.5}),
        target(Column.VIDEO, {NOW + 60: 12.0}),
        # another target: no egress in its first window, and none that is a number in its second
        target(Column.PARTICIPANTS, {NOW: 9.0, NOW + 60: 9.0}, "b"),
        target(Column.EGRESS, {NOW + 60: "NaN"}, "b"),
    ]
    answer = success({"resultType": "matrix", "result": rows})
    with FakePrometheus(lambda _: answer) as fake:
        client = PrometheusClient(fake.url, instant_seconds=5.0, range_seconds=5.0)
        samples = read_samples(
            client, Preset.LIVEKIT, matchers="", start=NOW - 60, end=NOW + 60, window_seconds=60
        )
    assert samples.times.tolist() == [NOW, NOW + 60]
    assert samples.servers.tolist() == [0, 0]
    assert samples.columns[Column.PARTICIPANTS].tolist() == [4.0, 6.0]
    assert samples.columns[Column.VIDEO].tolist() == [0.0, 12.0]
    (request,) = fake.requests
    assert (float(request["start"]), float(request["end"])) == (NOW, NOW + 60)
