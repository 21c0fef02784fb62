"""What stands in a scenario's calendar is told to policies, and moves nobody by itself."""

from simulations.run import run
from simulations.world.build import build
from tests.simulations.small import scenario

EVENT = {
    "apiVersion": "meetscale.io/v1alpha1",
    "kind": "DemandEvent",
    "metadata": {"name": "launch"},
    "spec": {
        "once": {"startTime": "2026-03-02T14:00:00Z", "endTime": "2026-03-02T15:00:00Z"},
        "participantsPerPool": 9000,
    },
}


def test_an_event_concerns_pools_by_the_names_policies_know() -> None:
    world = build(scenario(events=[EVENT]))

    (event,) = world.facts.events
    assert event.concerns(world.facts.pools[0].name)
    assert event.participants == 9000


def test_meetscale_is_ready_for_what_was_announced() -> None:
    told = run(scenario(events=[EVENT]), names=["meetscale"], clock=lambda: 0.0)
    untold = run(scenario(), names=["meetscale"], clock=lambda: 0.0)

    at = 2 * 60
    assert told.timelines["meetscale"][0].ready[at] >= 30
    assert untold.timelines["meetscale"][0].ready[at] < 30
    assert (told.timelines["meetscale"][0].demand == untold.timelines["meetscale"][0].demand).all()
