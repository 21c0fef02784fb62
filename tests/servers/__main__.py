"""`python -m tests.servers`: build or fetch every server the tests run on, and say where it is."""

from __future__ import annotations

import sys

from rich.console import Console

from tests.servers import binaries
from tests.servers.errors import UnavailableError
from tests.servers.progress import Reporter


def main() -> int:
    """Return 0 when everything is there, 1 when something cannot be had."""
    reporter = Reporter()
    out = Console(soft_wrap=True, highlight=False)
    try:
        plane = binaries.plane(reporter)
        karpenter = binaries.karpenter(reporter)
        prometheus = binaries.prometheus(reporter)
        livekit = binaries.livekit(reporter)
    except UnavailableError as refusal:
        reporter.say(f"A server that the tests need cannot be had: {refusal}")
        return 1
    for part, command in plane.commands.items():
        out.print(f"{part:24} {' '.join(command)}")
    out.print(f"{'karpenter':24} {karpenter.karpenter}")
    out.print(f"{'prometheus':24} {prometheus.prometheus}")
    out.print(f"{'promtool':24} {prometheus.promtool}")
    out.print(f"{'livekit-server':24} {livekit}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
