"""The same seed gives the same bytes under another processor's linear algebra and vector loops."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest

KERNELS = ("Haswell", "Nehalem")
"""With and without fused multiply-add: their last bits differ."""
VECTORS = " ".join(np.show_config(mode="dicts")["SIMD Extensions"].get("found", ()))
"""What numpy itself finds on this processor beyond the oldest ones."""
_RUN = """
import hashlib
from simulations.run import run
from tests.simulations.small import link, scenario, surge, through_link

demand = surge(3.0, at="2026-03-10T07:00:00") | {"day": "Office", "peakParticipants": 12_000}
pools = [through_link(demand=demand)]
plan = scenario(start="2026-03-10T05:00:00", historyDays=21, pools=pools, links=[link()])
result = run(plan, clock=lambda: 0.0, names=["meetscale", "hpa", "phpa"])
told = hashlib.sha256(result.to_json().encode())
for drawn in (*result.timelines.values(), *result.link_timelines.values()):
    for line in drawn:
        for field in line.__slots__:
            column = getattr(line, field)
            raw = hasattr(column, "tobytes")
            told.update(column.tobytes() if raw else repr(column).encode())
print(told.hexdigest())
"""


def replayed_on(kernel: str, *, without: str = "") -> str:
    """Replay in a process of its own; skips where it would not be that kernel."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(path for path in (os.getcwd(), *sys.path) if path),
            "OPENBLAS_CORETYPE": kernel,
            "OPENBLAS_NUM_THREADS": "1",
            "OPENBLAS_VERBOSE": "2",  # says at start which kernel it took
            "NPY_DISABLE_CPU_FEATURES": without,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == -signal.SIGILL:
        pytest.skip(f"this processor cannot run the kernel {kernel}")
    if f"Core: {kernel}" not in done.stderr + done.stdout:
        pytest.skip(f"numpy's OpenBLAS has no kernel {kernel} for this processor")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_a_replay_has_the_same_bytes_under_any_kernel() -> None:
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]
    if "openblas" not in blas:
        pytest.skip(f"numpy's BLAS is {blas}, not OpenBLAS")
    newer, older = KERNELS
    assert replayed_on(newer) == replayed_on(older, without=VECTORS)
