"""What one run with the real node autoscaler looked like, small enough to keep.

`MEETSCALE_RECORD=FILE.json CI=true pytest tests/e2e/karpenter/test_curve.py -m live` writes one;
`tests/simulations/karpenter.json` was made so, and the simulator's tests replay it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.e2e.karpenter.fleet import REGISTRATION_SECONDS

if TYPE_CHECKING:
    from tests.e2e.karpenter.stage import Stage


def write_recording(stage: Stage, path: Path) -> None:
    """Write what became of the orders of the fleet `floor`."""
    path.write_text(json.dumps(recording(stage), indent=1) + "\n", encoding="utf-8")


def recording(stage: Stage) -> dict[str, Any]:
    """Return orders and servers of the fleet `floor`; seconds since its first order.

    `ordered` and `nodes` are (moment, total) at each change seen; a server's `node_delay` and
    `pod_delay` are what the played kubelet drew, `created` is its node's, `serving` its pod's.
    """
    fleet, kubelet = stage.floor, stage.kubelet
    first = stage.orders.changes[1][0]
    pods = f"{fleet.team.cluster.namespace}/{fleet.name}-"
    lives = [life for key, life in kubelet.pods.items() if key.startswith(pods)]
    servers = [
        {
            "created": round(kubelet.nodes[life.node].created - first, 1),
            "node_delay": round(kubelet.nodes[life.node].due - kubelet.nodes[life.node].created, 1),
            "scheduled": round(life.scheduled - first, 1),
            "pod_delay": round(life.due - life.scheduled, 1),
            "serving": round(life.ready - first, 1),
        }
        for life in lives
        if life.ready is not None
    ]
    return {
        "registration_seconds": REGISTRATION_SECONDS,
        "ordered": _changes(stage.orders.changes, first),
        "nodes": _changes(stage.nodes[fleet].changes, first),
        "servers": sorted(servers, key=lambda server: (server["created"], server["serving"])),
    }


def _changes(changes: list[tuple[float, Any]], first: float) -> list[tuple[float, int]]:
    return [(round(moment - first, 1), int(total)) for moment, total in changes]
