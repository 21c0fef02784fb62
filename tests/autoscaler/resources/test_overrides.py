import pytest

from autoscaler.errors import SpecError
from autoscaler.resources.overrides import override
from tests.simulations.small import document


@pytest.mark.parametrize(
    ("assignment", "path", "value"),
    [
        ("seed=9", ("seed",), 9),
        ("pools.eu.demand.peakParticipants=5", ("pools", 0, "demand", "peakParticipants"), 5),
        ("pools.0.resource.spec.release.policy=Never",
         ("pools", 0, "resource", "spec", "release", "policy"), "Never"),
        ("pools.eu.supply.boot.p50Seconds=10", ("pools", 0, "supply", "boot", "p50Seconds"), 10),
        ("provenance.0=me", ("provenance", 0), "me"),
        ("title=a=b", ("title",), "a=b"),
        ("start=2026-03-02T12:00:00", ("start",), "2026-03-02T12:00:00"),
        ("start=2026-13-02", ("start",), "2026-13-02"),
    ],
)  # fmt: skip
def test_a_path_reaches_its_field(
    assignment: str, path: tuple[str | int, ...], value: object
) -> None:
    node: object = override(document(), [assignment])[0]

    for step in path:
        node = node[step]  # type: ignore[index]
    assert node == value


def test_the_original_is_left_alone() -> None:
    original = document()

    override(original, ["pools.eu.demand.peakParticipants=5"])

    assert original == document()


@pytest.mark.parametrize(
    ("assignment", "sentence"),
    [
        ("seed", "must be path=value"),
        ("=3", "must be path=value"),
        ("pools.us.demand.peakParticipants=5", "no entry 'us', must be one of eu"),
        ("title.length=5", "title is 'A quiet afternoon' and has no field 'length'"),
        ("seed=[1", "the value is not valid YAML"),
    ],
)
def test_a_path_that_leads_nowhere_is_said(assignment: str, sentence: str) -> None:
    with pytest.raises(SpecError) as refused:
        override(document(), [assignment])

    assert sentence in str(refused.value)
