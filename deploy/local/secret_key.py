"""The root of encryption of a local run. Elsewhere the operator gives it."""

import base64
import os
import secrets
from pathlib import Path


def of_home(place: Path) -> str:
    """Give the value of KITH_SECRET_KEY that lies at `place`; one is made on the first run, for its owner alone."""
    try:
        # O_EXCL: two first runs at once must not each make one, and then seal with different keys.
        file = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return place.read_text().strip()
    made = "1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    with os.fdopen(file, "w") as key:
        key.write(made + "\n")
    return made
