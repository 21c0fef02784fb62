import pytest

from autoscaler.errors import SpecError
from autoscaler.resources.demandevent import DemandEvent
from autoscaler.resources.load import load_as, load_object, load_text
from autoscaler.resources.sfupool import SFUPool
from tests.autoscaler.resources.samples import ABSENT, MANIFESTS, sample

POOL = """
apiVersion: meetscale.io/v1alpha1
kind: SFUPool
metadata: {name: NAME, namespace: sfu}
spec:
  demand: {query: sum(participants)}
  server: {participants: 400}
  minReplicas: 1
  maxReplicas: 9
"""


def pool(name: str = "eu") -> str:
    return POOL.replace("NAME", name)


def test_several_documents_are_read_in_their_order() -> None:
    samples = sorted((MANIFESTS / "samples").glob("*.yaml"))
    text = "\n---\n".join(file.read_text(encoding="utf-8") for file in samples)

    kinds = [type(resource).__name__ for resource in load_text(text, source="all.yaml")]

    assert kinds == ["CapacityPlan", "DemandEvent", "EgressLink", "SFUPool"]


def test_a_list_as_kubectl_prints_it_is_unpacked() -> None:
    indented = pool().strip().replace("\n", "\n  ")

    (resource,) = load_text(f"kind: List\nitems:\n- {indented}\n", source="-")

    assert resource.key == "sfu/eu"


def test_empty_documents_are_skipped() -> None:
    assert len(load_text(f"---\n---{pool()}---\n# nothing\n", source="pools.yaml")) == 1


def test_moments_and_dates_need_no_quotes() -> None:
    text = """
apiVersion: meetscale.io/v1alpha1
kind: DemandEvent
metadata: {name: final}
spec:
  multiplier: "3"
  once: {startTime: 2027-05-29T19:00:00Z, endTime: 2027-05-29T22:00:00Z}
"""
    (event,) = load_text(text, source="event.yaml")

    assert isinstance(event, DemandEvent)
    assert event.spec.once
    assert event.spec.once.start_time.hour == 19


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "",
            "f.yaml: holds no resource:"
            " must hold one of SFUPool, EgressLink, DemandEvent, CapacityPlan",
        ),
        ("just text", 'f.yaml: "just text" is no resource: must be a mapping with a kind'),
        (
            "kind: Deployment",
            'f.yaml: kind is "Deployment":'
            " must be one of SFUPool, EgressLink, DemandEvent, CapacityPlan",
        ),
        (
            "apiVersion: v1",
            "f.yaml: kind is null: must be one of SFUPool, EgressLink, DemandEvent, CapacityPlan",
        ),
        (
            pool() + "---" + pool(),
            "f.yaml: SFUPool sfu/eu comes twice: give one of them a new name",
        ),
        (pool() + "  minReplicas: 2\n", "f.yaml line 10: minReplicas comes twice: must be YAML"),
        ("a: [1, 2", "f.yaml line 1: expected ',' or ']', but got '<stream end>': must be YAML"),
        ("a: \x00", "f.yaml: unacceptable character"),
    ],
)
def test_a_text_that_is_no_resource_is_refused_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(SpecError) as refused:
        load_text(text, source="f.yaml")

    assert str(refused.value).startswith(sentence)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"spec.minReplica": 6}, "spec.minReplica is unknown: did you mean minReplicas?"),
        (
            {"spec.minReplicas": ABSENT, "spec.min_replicas": 6},
            "spec.min_replicas is unknown: did you mean minReplicas?",
        ),
        (
            {"spec.target.colour": "red"},
            "spec.target.colour is unknown: must be one of group, version, resource, name,"
            " semantics, fieldPath, subresource, serversPerReplica, adopt, onDelete",
        ),
        ({"spec.maxReplicas": ABSENT}, "spec.maxReplicas is missing"),
        ({"metadata": ABSENT}, "metadata is missing"),
        (
            {"spec.mode": "act"},
            "spec.mode is \"act\": must be 'Observe', 'Recommend' or 'Act'",
        ),
        ({"spec.minReplicas": "6"}, 'spec.minReplicas is "6": must be a whole number'),
        ({"spec.minReplicas": True}, "spec.minReplicas is true: must be a whole number"),
        ({"spec.minReplicas": -1}, "spec.minReplicas is -1: must be greater than or equal to 0"),
        (
            {"spec.server.participants": 0.5},
            "spec.server.participants is 0.5: must be a whole number",
        ),
        (
            {"spec.server.hourlyCost": 1.7},
            "spec.server.hourlyCost is 1.7: must be text; put it in quotes",
        ),
        ({"spec.region": False}, "spec.region is false: must be text; put it in quotes"),
        ({"spec.server": 5}, "spec.server is 5: must be a mapping of fields"),
        ({"spec.links": "transit"}, 'spec.links is "transit": must be a list'),
        ({"spec.links": [{"nam": "x"}]}, "spec.links[0].nam is unknown: did you mean name?"),
        ({"spec.links": [{"name": "x"}] * 2}, "spec.links: must not list x twice"),
        (
            {"spec.demand.matchLabels": {"pool-name": "eu"}},
            'spec.demand.matchLabels.pool-name is "eu":'
            " must be a Prometheus label: letters, digits and _",
        ),
        (
            {"spec.override": {"pinnedReplicas": 5}},
            "spec.override.pinUntil is missing:"
            " pinnedReplicas needs pinUntil: a pin that never ends is forgotten",
        ),
        (
            {"spec.override": {"pinnedReplicas": 5, "pinUntil": "tomorrow"}},
            'spec.override.pinUntil is "tomorrow":'
            " must be an RFC 3339 time with its zone, like 2027-05-29T23:00:00Z",
        ),
        (
            {"spec.override": {"pinnedReplicas": 5, "pinUntil": 1800000000}},
            "spec.override.pinUntil is 1800000000:"
            " must be an RFC 3339 time with its zone, like 2027-05-29T23:00:00Z",
        ),
        (
            {"apiVersion": "meetscale.io/v1"},
            "apiVersion is \"meetscale.io/v1\": must be 'meetscale.io/v1alpha1'",
        ),
        ({"metadata.name": "EU West"}, 'metadata.name is "EU West": must be the name of an object'),
    ],
)
def test_a_wrong_field_is_told_with_file_object_path_value_and_what_is_right(
    changes: dict[str, object], sentence: str
) -> None:
    document = sample("sfupool", changes)
    name = document.get("metadata", {}).get("name")

    with pytest.raises(SpecError) as refused:
        load_object(document, source="pools.yaml")

    called = f"SFUPool sfu/{name}" if name else "SFUPool"
    assert str(refused.value).startswith(f"pools.yaml: {called}: {sentence}")
    assert "\n" not in str(refused.value)


def test_a_time_zone_that_does_not_exist_is_refused() -> None:
    document = sample("demandevent", {"spec.recurring.timeZone": "Europe/Berln"})

    with pytest.raises(SpecError, match="must be an IANA time zone"):
        load_as(DemandEvent, document)


def test_a_long_value_is_shown_short() -> None:
    with pytest.raises(SpecError) as refused:
        load_as(SFUPool, sample("sfupool", {"spec.region": "x" * 1000}))

    assert len(str(refused.value)) < 200


def test_the_norway_problem_is_told() -> None:
    text = """
apiVersion: meetscale.io/v1alpha1
kind: DemandEvent
metadata: {name: constitution-day}
spec:
  multiplier: "0.3"
  holiday: {country: NO, timeZone: Europe/Oslo}
"""
    with pytest.raises(SpecError) as refused:
        load_text(text, source="event.yaml")

    assert str(refused.value) == (
        "event.yaml: DemandEvent constitution-day:"
        " spec.holiday.country is false: must be text; put it in quotes"
    )
