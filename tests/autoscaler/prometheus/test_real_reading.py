"""What a real Prometheus says of pools in every condition."""

import time
from collections.abc import Iterator

import numpy as np
import pytest
import requests

from autoscaler.engine.observation import DemandState
from autoscaler.prometheus.client import PrometheusClient
from autoscaler.prometheus.groups import grouped
from autoscaler.prometheus.promql import Questions
from autoscaler.prometheus.source import PrometheusDemand
from autoscaler.resources.demand import Preset
from tests.autoscaler.prometheus.pools import pool
from tests.autoscaler.prometheus.stage import Stage
from tests.servers.binaries import PrometheusBinaries
from tests.servers.exporter import Value
from tests.servers.process import until

pytestmark = [pytest.mark.prometheus, pytest.mark.timeout(120)]

MANY = 12


def livekit(participants: Value, rooms: Value = 1.0) -> dict[str, Value]:
    return {"livekit_participant_total": participants, "livekit_room_total": rooms}


@pytest.fixture(scope="module")
def stage(
    prometheus_binaries: PrometheusBinaries, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    stage = Stage(prometheus_binaries, tmp_path_factory.mktemp("stage"))
    now = stage.now

    def jump(moment: float) -> float:
        return 300.0 if moment < now else 900.0

    sent = 'livekit_packet_bytes{direction="outgoing",transmission="initial"}'
    joined = 'livekit_participant_join_total{state="rtc_active"}'
    failed = 'livekit_participant_join_total{state="signal_failed"}'
    for number in range(MANY):
        stage.play(f"many-{number}", livekit(10.0 * number, float(number)), livekit(5.0, 0.0))
    stage.play("quiet", livekit(0.0, 0.0), livekit(0.0, 0.0))
    stage.play("dropped", *[livekit(10.0) for _ in range(4)])
    stage.play("vanished", *[livekit(10.0) for _ in range(4)])
    stage.play("emptied", livekit(10.0), livekit(10.0), livekit(0.0, 0.0), livekit(2.0))
    stage.play("dead", livekit(10.0), livekit(0.0, 0.0))
    stage.play("sending", {**livekit(10.0), sent: lambda t: 125_000.0 * (t - now + 2000.0)})
    stage.play("refusing", {**livekit(10.0), failed: lambda t: 0.5 * (t - now + 2000.0)})
    stage.play("lying", {**livekit(jump), joined: 5000.0})
    stage.play(
        "surging",
        {**livekit(jump), joined: lambda t: 5000.0 if t < now else 5000.0 + 60.0 * (t - now)},
    )
    jvb = {"jitsi_jvb_local_endpoints": 3.0, "jitsi_jvb_conferences": 0.0}
    stage.play(
        "bridges",
        {**jvb, "jitsi_jvb_graceful_shutdown": 0.0, "jitsi_jvb_outgoing_bitrate": 3e6},
        {**jvb, "jitsi_jvb_graceful_shutdown": 1.0, "jitsi_jvb_relay_outgoing_bitrate": 1e6},
    )
    bbb = {"bbb_meetings_participants": 0.0, "bbb_meetings": 0.0}
    stage.play("bbb", {**bbb, "bbb_api_up": 1.0}, {**bbb, "bbb_api_up": 1.0})
    stage.again = stage.play(
        "twice",
        {**livekit(10.0), sent: lambda t: 125_000.0 * (t - now + 2000.0)},
        livekit(20.0),
        livekit(0.0, 0.0),
    )

    def restarted(moment: float) -> float:
        return moment - now + (2000.0 if moment < now - 60.0 else 60.0)

    stage.play(
        "restarted",
        {
            **livekit(10.0),
            sent: lambda t: 125_000.0 * restarted(t),
            failed: lambda t: 900.0 if t < now - 60.0 else 0.0,
        },
    )
    stage.play("booked", {**livekit(10.0), "booked_participants": lambda t: t - now + 2000.0})
    try:
        stage.raise_curtain()
        yield stage
    finally:
        stage.close()


@pytest.mark.parametrize("preset", Preset)
def test_every_question_of_a_preset_is_promql(stage: Stage, preset: Preset) -> None:
    client = PrometheusClient(stage.prometheus.url, instant_seconds=5.0, range_seconds=5.0)
    pools = [pool(name, preset=preset.value) for name in ("many-1", "many-2")]
    (group,) = grouped(pools)
    questions = Questions(group)
    for instant in (questions.now(), questions.missing()):
        client.instant(instant)
    if evidence := questions.evidence():
        client.instant(evidence)
    for past in (questions.history(), questions.share()):
        client.range(past, start=1_000_000, end=1_000_900, step_seconds=900)


def test_one_request_reads_many_pools(stage: Stage) -> None:
    session = requests.Session()
    asked: list[object] = []
    session.hooks["response"].append(lambda response, **_: asked.append(response.url))
    pools = [pool(f"many-{number}") for number in range(MANY)]
    source = PrometheusDemand(stage.prometheus.url, session=session)
    readings = source.read(pools, now=int(time.time()))
    assert len(asked) == 1
    for number in range(MANY):
        reading = readings[f"sfu/many-{number}"]
        assert reading.demand.state is DemandState.OBSERVED
        assert reading.demand.participants == 10.0 * number + 5.0
        assert reading.empty_servers == (2 if number == 0 else 1)
        assert reading.demand.sample_time is not None
        assert abs(reading.demand.sample_time - time.time()) < 5.0


def test_zero_is_believed_from_live_targets(stage: Stage) -> None:
    reading = stage.read("quiet")
    assert (reading.demand.state, reading.empty_servers) == (DemandState.ZERO, 2)


def test_a_pool_that_nobody_exports_is_empty_and_not_zero(stage: Stage) -> None:
    reading = stage.read("typo")
    assert (reading.demand.state, reading.demand.participants) == (DemandState.EMPTY, None)
    assert 'livekit_participant_total with sfu_pool="typo"' in reading.reason


def test_dropped_targets_make_a_pool_partial_until_they_are_back(stage: Stage) -> None:
    assert stage.read("dropped").demand.state is DemandState.OBSERVED
    for target in stage.pools["dropped"][:2]:
        target.drop()
    reading = stage.comes_to("dropped", "Partial", 20.0)
    assert reading.reason == "2 of 4 known targets report, minTargetsPercent is 90"
    assert reading.empty_servers is None
    assert stage.read("dropped", minTargetsPercent=50).demand.state is DemandState.OBSERVED
    for target in stage.pools["dropped"]:
        target.restore()
    stage.comes_to("dropped", "Observed", 40.0)


def test_targets_that_vanish_are_missed_only_if_they_were_occupied(stage: Stage) -> None:
    gone = [*stage.pools["vanished"][:2], *stage.pools["emptied"][2:]]
    stage.scrape(without=gone)
    reading = stage.comes_to("vanished", "Partial", 20.0)
    assert reading.reason == "2 of 4 known targets report, minTargetsPercent is 90"
    left = 'count(livekit_participant_total{sfu_pool="emptied"}) == 2'
    until(lambda: stage.prometheus.query(left), what="drained servers gone")
    emptied = stage.read("emptied")
    assert (emptied.demand.state, emptied.demand.participants) == (DemandState.OBSERVED, 20.0)
    assert emptied.empty_servers == 0
    stage.scrape()
    stage.comes_to("vanished", "Observed", 40.0)


def test_servers_that_are_still_booting_are_not_missed(stage: Stage) -> None:
    booting = [stage.exporter.target(livekit(0.0), sfu_pool="quiet") for _ in range(3)]
    for target in booting:
        target.drop()
    stage.pools["quiet"] += booting
    stage.scrape()
    down = 'count(up{sfu_pool="quiet"} == 0) == 3'
    try:
        until(lambda: stage.prometheus.query(down), what="booting servers discovered")
        reading = stage.read("quiet")
        assert (reading.demand.state, reading.empty_servers) == (DemandState.ZERO, 2)
    finally:
        del stage.pools["quiet"][2:]
        stage.scrape()


def test_a_pool_whose_targets_are_all_down_is_empty(stage: Stage) -> None:
    for target in stage.pools["dead"]:
        target.drop()
    reading = stage.comes_to("dead", "Empty", None)
    assert reading.reason == "none of 2 known targets gives a valid livekit_participant_total"


def test_egress_is_measured(stage: Stage) -> None:
    reading = stage.read("sending")
    assert reading.egress_mbps == pytest.approx(1.0, rel=0.05)


def test_a_server_that_two_jobs_scrape_counts_once(stage: Stage) -> None:
    told = 'count(livekit_participant_total{sfu_pool="twice"}) == 6'
    until(lambda: stage.prometheus.query(told), what="two jobs")
    reading = stage.read("twice")
    assert (reading.demand.state, reading.demand.participants) == (DemandState.OBSERVED, 30.0)
    assert reading.empty_servers == 1
    assert reading.egress_mbps == pytest.approx(1.0, rel=0.05)
    history = stage.source.history([pool("twice")], now=int(time.time()))
    assert history.values[0, -1] == 30.0
    stage.pools["twice"][0].drop()
    reading = stage.comes_to("twice", "Partial", 20.0)
    assert reading.reason == "2 of 3 known targets report, minTargetsPercent is 90"


def test_counters_that_begin_anew_are_no_jump(stage: Stage) -> None:
    """What was sent between the last scrape and the restart is lost, nothing is added."""
    reading = stage.read("restarted")
    assert reading.egress_mbps is not None
    assert 0.7 < reading.egress_mbps < 1.05
    assert (reading.demand.state, reading.demand.refused) == (DemandState.OBSERVED, 0.0)


def test_bookings_are_read_as_they_were_known(stage: Stage) -> None:
    query = 'sum(booked_participants{sfu_pool="booked"})'
    one = pool("booked", bookings={"query": query, "knownAheadSeconds": 3600})
    now = int(time.time())
    history = stage.source.history([one], now=now)
    told = stage.source.bookings([one], history=history, now=now)
    assert told.silence == {}
    assert told.bookings is not None
    values = told.bookings.values[0]
    newest = np.flatnonzero(np.isfinite(values))[-1]
    interval = told.bookings.start + 900 * int(newest)
    assert now + 2700 < interval <= now + 3600
    assert values[newest] == pytest.approx(interval - 3600 - stage.now + 2000.0, abs=12.0)


def test_refused_joins_censor_demand(stage: Stage) -> None:
    demand = stage.read("refusing").demand
    assert demand.state is DemandState.CENSORED
    assert demand.refused == pytest.approx(30.0, rel=0.1)
    assert demand.participants == pytest.approx(40.0, rel=0.1)


def test_a_jump_without_joins_is_contradicted_and_one_with_joins_is_not(stage: Stage) -> None:
    reading = stage.read("lying")
    assert reading.demand.state is DemandState.CONTRADICTED
    assert reading.reason == (
        "participants rose from 300 to 900 in five minutes while joins did not"
    )
    stage.comes_to("surging", "Observed", 900.0)


def test_a_bridge_that_shuts_down_is_no_empty_server(stage: Stage) -> None:
    reading = stage.read("bridges", preset="JVB")
    assert reading.demand.participants == 6.0
    assert reading.empty_servers == 1
    assert reading.egress_mbps == pytest.approx(4.0)


def test_bigbluebuttons_zeros_are_no_zeros_while_its_api_is_down(stage: Stage) -> None:
    first, second = stage.pools["bbb"]
    assert stage.read("bbb", preset="BigBlueButton").demand.state is DemandState.ZERO
    first.set("bbb_api_up", 0.0)
    reading = stage.comes_to("bbb", "Partial", 0.0, preset="BigBlueButton")
    assert reading.reason == "1 of 2 known targets report, minTargetsPercent is 90"
    second.set("bbb_api_up", 0.0)
    reading = stage.comes_to("bbb", "Empty", None, preset="BigBlueButton")
    assert reading.reason == "none of 2 known targets gives a valid bbb_meetings_participants"


@pytest.mark.parametrize(
    ("query", "state", "reason"),
    [
        ('sum(livekit_participant_total{sfu_pool="many-3"})', "Observed", ""),
        ('sum(livekit_participant_total{sfu_pool="quiet"}) # none', "Zero", ""),
        ("sum(", "Empty", "parse error"),
        ('"hello"', "Empty", "a bare number or string"),
        ("42", "Empty", "a bare number or string"),
        ("0 / 0 * sum(up)", "Empty", "NaN"),
        ("0 - sum(up)", "Empty", "no number of participants"),
        ("sum(nothing)", "Empty", "no series"),
        ("sum(nothing) or vector(0)", "Empty", "even where there is no data"),
        ("vector(7)", "Empty", "even where there is no data"),
        (
            'livekit_participant_total{sfu_pool="many-3"}',
            "Empty",
            "2 series that differ in instance",
        ),
        ("rate(up)", "Empty", "expected type range vector"),
    ],
)
def test_queries_of_ones_own(stage: Stage, query: str, state: str, reason: str) -> None:
    pools = [pool("own", query=query), pool("many-1")]
    readings = stage.source.read(pools, now=int(time.time()))
    assert readings["sfu/own"].demand.state == state
    assert reason in readings["sfu/own"].reason
    assert readings["sfu/many-1"].demand.state is DemandState.OBSERVED, "others are unaffected"
