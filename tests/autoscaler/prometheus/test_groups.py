"""Pools of one preset and the same label keys share a query."""

import pytest

from autoscaler.prometheus.groups import grouped, matcher
from tests.autoscaler.prometheus.pools import pool


def test_pools_share_a_group_when_preset_label_keys_and_staleness_agree() -> None:
    pools = [
        pool("a"),
        pool("b"),
        pool("c", preset="JVB"),
        pool("d", matchLabels={"region": "eu"}),
        pool("e", staleAfterSeconds=30),
        pool("f", query="sum(x)"),
        pool("g", matchLabels={"region": "eu", "sfu_pool": "g"}),
        pool("h", matchLabels={"sfu_pool": "h", "region": "us"}),
    ]
    names = [[one.metadata.name for one in group.pools] for group in grouped(pools)]
    assert names == [["a", "b"], ["c"], ["d"], ["e"], ["g", "h"]]


@pytest.mark.parametrize(
    ("labels", "matchers"),
    [
        ([{"sfu_pool": "eu"}], 'sfu_pool="eu"'),
        ([{"sfu_pool": "eu"}, {"sfu_pool": "us"}], 'sfu_pool!=""'),
        (
            [{"app": "sfu", "sfu_pool": "eu"}, {"app": "sfu", "sfu_pool": "us"}],
            'app="sfu",sfu_pool!=""',
        ),
        ([{"sfu_pool": ""}, {"sfu_pool": "us"}], ""),
    ],
)
def test_matchers_are_as_narrow_as_equality_allows(
    labels: list[dict[str, str]], matchers: str
) -> None:
    (group,) = grouped([pool(f"p{i}", matchLabels=each) for i, each in enumerate(labels)])
    assert group.matchers == matchers


def test_a_label_value_cannot_leave_its_quotes() -> None:
    assert matcher("pool", 'a"} or vector(1) #\n\\é') == 'pool="a\\"} or vector(1) #\\n\\\\é"'
