import pytest

from autoscaler.controller.orders import intend_order
from autoscaler.controller.secondary import event_report, link_report
from autoscaler.controller.tick import LinkTick
from autoscaler.engine.decision import LinkDecision
from autoscaler.engine.observation import LinkObservation
from autoscaler.planner.run_out import RunOut
from autoscaler.resources.demandevent import DemandEvent
from autoscaler.resources.egresslink import EgressLink
from autoscaler.resources.load import load_as
from autoscaler.resources.settings import link_settings
from forecast.events import Learned
from tests.autoscaler.prometheus.pools import pool

MONDAY = 1_795_392_000
LINK = load_as(
    EgressLink,
    {
        "metadata": {"name": "transit", "namespace": "media", "uid": "3", "generation": 1},
        "spec": {
            "portMbps": 2000,
            "committedMbps": 400,
            "stepMbps": 100,
            "maxMbps": 2000,
            "tiers": [{"upToMbps": 2000, "leadTimeSeconds": 3600}],
        },
    },
)


def exhausted(p50: int | None, p90: int | None) -> object:
    """Return the status of a link that runs out then."""
    observed = LinkObservation(
        settings=link_settings(LINK), used_mbps=100.0, ordered_mbps=400.0, delivered_mbps=400.0
    )
    decision = LinkDecision(
        link="media/transit",
        need_mbps=125.0,
        order_mbps=400.0,
        previous_mbps=400.0,
        reasons=(),
        limits=(
            RunOut(name="committedMbps", demand=320.0, date_p50=MONDAY, date_p90=MONDAY),
            RunOut(name="maxMbps", demand=1600.0, date_p50=p50, date_p90=p90),
        ),
    )
    tick = LinkTick(
        resource=LINK,
        supplied=None,
        observed=observed,
        decision=decision,
        intent=intend_order(LINK, decision, None),
    )
    return link_report(tick, ()).status.get("exhausted")


@pytest.mark.parametrize(
    ("p50", "p90", "told"),
    [
        (None, None, None),
        (None, MONDAY, {"p90": "2026-11-23T00:00:00Z"}),
        (MONDAY + 86_400, MONDAY, {"p50": "2026-11-24T00:00:00Z", "p90": "2026-11-23T00:00:00Z"}),
    ],
)
def test_a_link_says_when_the_most_that_can_be_bought_will_not_do(
    p50: int | None, p90: int | None, told: object
) -> None:
    assert exhausted(p50, p90) == told


def cup(**status: object) -> DemandEvent:
    once = {"startTime": "2026-11-24T17:30:00Z", "endTime": "2026-11-24T19:30:00Z"}
    return load_as(
        DemandEvent,
        {
            "metadata": {"name": "cup", "namespace": pool("a").metadata.namespace, "uid": "4"},
            "spec": {"tag": "cup", "poolSelector": {}, "once": once},
            "status": status,
        },
    )


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({"a": (2.0, 3), "b": (3.0, 3), "c": (8.0, 1)}, "3"),  # the middle of three pools
        ({"a": (2.346, 3), "b": (9.0, 0)}, "2.35"),  # nothing was seen at b, only supposed
        ({"a": (400.0, 2)}, "100"),
        ({}, "1.7"),  # what was known stays until the next time
    ],
)
def test_an_event_says_what_its_tag_has_taught(
    known: dict[str, tuple[float, int]], told: str
) -> None:
    pools = [pool(name) for name in ("a", "b", "c")]
    learned = {
        pool(name).key: {"cup": Learned(multiplier, events, 0.3)}
        for name, (multiplier, events) in known.items()
    }
    event = cup(learnedMultiplier="1.7")
    status = event_report(event, pools, (), refused="", learned=learned, now=MONDAY).status

    assert (status["learnedMultiplier"], status["selectedPools"]) == (told, 3)
