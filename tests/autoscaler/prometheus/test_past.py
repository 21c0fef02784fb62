"""From a range query's answer to bins and their states."""

import math

import numpy as np
import numpy.testing as npt

from autoscaler.prometheus.client import PrometheusClient
from autoscaler.prometheus.groups import grouped
from autoscaler.prometheus.own_query import OwnQueries
from autoscaler.prometheus.past import GroupPast, OwnPast, series_id
from autoscaler.resources.sfupool import SFUPool
from forecast.history import PointState
from tests.autoscaler.prometheus.fake import FakePrometheus, series
from tests.autoscaler.prometheus.pools import NOW, points, pool, row

OBSERVED, CENSORED, MISSING, PARTIAL = (
    PointState.OBSERVED,
    PointState.CENSORED,
    PointState.MISSING,
    PointState.PARTIAL,
)
T = [NOW + 900 * i for i in range(4)]


def group_past(*pools: SFUPool) -> GroupPast:
    (group,) = grouped(pools)
    return GroupPast(group)


def own_past(fake: FakePrometheus, query: str = "sum(visitors)") -> OwnPast:
    client = PrometheusClient(fake.url, instant_seconds=5.0, range_seconds=5.0)
    return OwnPast(pool("own", query=query).spec.demand, queries=OwnQueries(client))


def test_a_groups_answer_is_sorted_by_pool_and_bin() -> None:
    past = group_past(pool("eu"), pool("us"))
    told = past.block(
        [
            points({T[0] + 840: 10.0, T[2] + 840: 30.0}, sfu_pool="eu", facet="peak"),
            points({T[1] + 840: 5.0}, sfu_pool="us", facet="peak"),
            points({T[1] + 840: 99.0}, sfu_pool="elsewhere", facet="peak"),
        ],
        start=NOW,
        points=4,
    )
    nan = math.nan
    npt.assert_array_equal(told.values, [[10.0, nan, 30.0, nan], [nan, 5.0, nan, nan]])
    npt.assert_array_equal(
        told.states,
        [[OBSERVED, MISSING, OBSERVED, MISSING], [MISSING, OBSERVED, MISSING, MISSING]],
    )


def test_refusals_censor_and_missing_targets_make_partial() -> None:
    told = group_past(pool("eu", minTargetsPercent=80)).block(
        [
            points({t + 840: 100.0 for t in T}, sfu_pool="eu", facet="peak"),
            points({T[1] + 840: 7.0, T[2] + 840: 0.1}, sfu_pool="eu", facet="refused"),
            points({T[2] + 840: 0.9, T[3] + 840: 0.5}, sfu_pool="eu", facet="share"),
        ],
        start=NOW,
        points=4,
    )
    npt.assert_array_equal(told.states, [[OBSERVED, CENSORED, OBSERVED, PARTIAL]])
    npt.assert_array_equal(told.values, [[100.0, 107.0, 100.1, 100.0]])


def test_what_is_no_number_of_participants_is_missing() -> None:
    values: dict[int, float | str] = {T[0]: "NaN", T[1]: "+Inf", T[2]: -1.0, T[3]: 0.0}
    told = group_past(pool("eu")).block(
        [points(values, sfu_pool="eu", facet="peak")], start=NOW, points=4
    )
    npt.assert_array_equal(told.states, [[MISSING, MISSING, MISSING, OBSERVED]])
    npt.assert_array_equal(told.values, [[math.nan, math.nan, math.nan, 0.0]])


def test_shares_are_asked_for_only_where_targets_were_mute() -> None:
    past = group_past(pool("eu"), pool("us"))
    assert past.further_question([points({T[0]: 1.0}, sfu_pool="eu", facet="peak")]) is None
    mute = points({T[0]: 1.0}, sfu_pool="us", facet="mute")
    further = past.further_question([mute])
    assert further is not None
    assert 'sfu_pool="us"' in further


def test_a_narrowed_past_asks_for_those_pools_only() -> None:
    eu, us = pool("eu"), pool("us")
    past = group_past(eu, us).narrowed([series_id(us.spec.demand)])
    assert past.series == (series_id(us.spec.demand),)
    assert 'sfu_pool="us"' in past.question()


def test_an_own_query_keeps_its_comment_to_itself() -> None:
    with FakePrometheus(lambda _: series([])) as fake:
        question = own_past(fake, "sum(visitors) # of both").question()
    assert question == "max_over_time((sum(visitors) # of both\n)[870s:1m])"


def test_bins_with_several_series_are_missing_because_nobody_knows_which_is_meant() -> None:
    with FakePrometheus(lambda _: series([])) as fake:
        told = own_past(fake).block(
            [
                points({T[0]: 10.0, T[1]: 11.0}, pod="a"),
                points({T[1]: 12.0, T[2]: 13.0}, pod="b"),
            ],
            start=NOW,
            points=4,
        )
    npt.assert_array_equal(told.values, [[10.0, math.nan, 13.0, math.nan]])


def test_the_default_of_a_query_is_no_observation() -> None:
    with FakePrometheus(lambda _: series([row(0.0)])) as fake:
        told = own_past(fake).block([points({T[0]: 0.0, T[1]: 3.0})], start=NOW, points=4)
    npt.assert_array_equal(told.values, [[math.nan, 3.0, math.nan, math.nan]])


def test_an_empty_answer_is_all_missing() -> None:
    with FakePrometheus(lambda _: series([])) as fake:
        told = own_past(fake).block([], start=NOW, points=4)
    assert np.isnan(told.values).all()
    assert told.values.shape == (1, 4)
