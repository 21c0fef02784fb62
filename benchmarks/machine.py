"""What a figure was measured on: cores, processor, versions. Nothing that names the machine."""

import os
import platform
from importlib import metadata
from pathlib import Path

PACKAGES = ("numpy", "pandas", "statsmodels", "statsforecast", "prophet", "lightgbm")


def describe_machine() -> str:
    """Return one line such as `2 cores of Example CPU, Python 3.11.7, numpy 2.4.6`."""
    versions = [f"Python {platform.python_version()}"]
    versions += [f"{name} {version}" for name in PACKAGES if (version := _version(name))]
    return f"{os.cpu_count()} cores of {_processor()}, {', '.join(versions)}"


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
