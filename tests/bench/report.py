"""How figures are taken and printed: medians, with their spread, beside the machine they come from."""

import os
import platform
import statistics
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

PARTS = ("aiokafka", "faststream", "motor", "pymongo", "pydantic", "fastapi", "uvicorn", "uvloop")


def machine() -> str:
    """Name what the figures come from."""
    model = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "?"
    )
    memory = next((line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "0")
    parts = ", ".join(f"{name} {version(name)}" for name in PARTS)
    return (
        f"{os.cpu_count()} cores of {model}, {int(memory) // 2**20} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}\n{parts}"
    )


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def spread(values: Sequence[float], unit: str, digits: int = 0) -> str:
    """Write a median with its least and greatest."""
    return f"{statistics.median(values):,.{digits}f} {unit} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
