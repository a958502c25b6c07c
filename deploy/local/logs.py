"""Keeps the logs of a run from filling the disk."""

import shutil
from pathlib import Path

LIMIT = 20_000_000
"""Bytes of one log; as many again are kept of what it held before."""


def bound(folder: Path, *, limit: int = LIMIT) -> None:
    """Empty every log that has grown beyond `limit`; what it held is kept as <name>.log.1.

    Its process keeps the file open and adds to its end, so the file itself has to stay. What is written between the
    copy and the cut is lost; that is less than a log that stops with its supervisor, as through a pipe.
    """
    for log in folder.glob("*.log"):
        if log.stat().st_size > limit:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            with log.open("r+b") as file:
                file.truncate(0)
