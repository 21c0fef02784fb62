"""A few of the shipped scenarios, replayed: somebody must fail what they assert."""

import pytest

from benchmarks.suite import verdict


@pytest.mark.parametrize("name", ["lost-scrapes", "launch-throttle"])
def test_meetscale_holds_it_and_another_policy_does_not(name: str) -> None:
    found = verdict(name, 0)

    assert found.failed == ()
    assert found.refuted_by
