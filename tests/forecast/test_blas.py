"""Another processor's linear algebra rounds differently: the same servers are ordered."""

import json
import os
import signal
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

KERNELS = ("Haswell", "Nehalem")
"""With and without fused multiply-add: their last bits differ."""
_PARTICIPANTS_PER_NODE = 300
_FORECAST = f"""
import hashlib, json
import numpy as np
from forecast.calendar import HOUR, Calendar
from forecast.forecaster import Forecaster
from tests.forecast.histories import MONDAY, history, office_weeks

rows = np.stack(
    [office_weeks(28, seed=seed, step=HOUR, peak=10.0 ** (2 + seed / 3)) for seed in range(9)]
)
rows[4, 200:230] = np.nan
rows[5, -6:] *= 4.0
forecast, fitted = Forecaster().refresh(
    history(rows, step=HOUR), now=MONDAY, horizon_steps=48, calendar=Calendar()
)
p95 = forecast.values[..., forecast.quantiles.index(0.95)]
print(json.dumps({{
    "values": hashlib.sha256(forecast.values.tobytes()).hexdigest(),
    "modes": forecast.modes,
    "reasons": forecast.reasons,
    "nodes": np.ceil(p95 / {_PARTICIPANTS_PER_NODE}).tolist(),
    "coefficients": fitted.fit.coefficients.tolist(),
}}))
"""


def forecast_on(kernel: str) -> dict[str, Any]:
    """Forecast in a process of its own; skips where it would not be that kernel."""
    done = subprocess.run(
        [sys.executable, "-c", _FORECAST],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(path for path in (os.getcwd(), *sys.path) if path),
            "OPENBLAS_CORETYPE": kernel,
            "OPENBLAS_NUM_THREADS": "1",
            "OPENBLAS_VERBOSE": "2",  # says at start which kernel it took
        },
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stderr + done.stdout
    if done.returncode == -signal.SIGILL:
        pytest.skip(f"this processor cannot run the kernel {kernel}")
    if f"Core: {kernel}" not in said:
        pytest.skip(f"numpy's OpenBLAS has no kernel {kernel} for this processor")
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_the_same_forecast_and_the_same_nodes_follow_under_any_kernel() -> None:
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]
    if "openblas" not in blas:
        pytest.skip(f"numpy's BLAS is {blas}, not OpenBLAS")
    haswell, nehalem = (forecast_on(kernel) for kernel in KERNELS)
    # Before anything is rounded the kernels differ, or else there would be nothing to hold.
    assert haswell.pop("coefficients") != nehalem.pop("coefficients")
    assert haswell == nehalem
    assert np.ptp(haswell["nodes"]) > 10
