"""`decisions.md` says what is decided and why; the engine must agree with every row."""

import pytest

from autoscaler.engine.step import step
from autoscaler.planner.reasons import ReasonCode
from tests.autoscaler.planner.golden import Row, chain, rows, situation

ROWS = tuple(rows())


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_engine_decides_what_was_worked_out_by_hand(row: Row) -> None:
    decision, _ = step(*situation(row))
    if row.of_link:
        (link,) = decision.links
        assert (link.order_mbps, chain(link.reasons)) == (row.number, row.because)
    else:
        (pool,) = decision.pools
        assert (pool.floor, chain(pool.reasons)) == (row.number, row.because)


def test_every_reason_has_a_row() -> None:
    said = " ".join(row.because for row in ROWS).split()
    assert not set(ReasonCode) - set(said)
