"""Where the commands find what they speak to: on this machine, unless a setting names another place."""

import os
from collections.abc import Mapping

SETTINGS = {
    "console": "KITH_CONSOLE_URL",
    "ingest": "KITH_INGEST_URL",
    "notification": "KITH_NOTIFICATION_URL",
    "sandbox": "KITH_SANDBOX_URL",
}
"""For commands that run beside Kith instead of on its machine, as in a container."""


def of(name: str, ports: Mapping[str, int]) -> str:
    """Give an address of SETTINGS, without a slash at the end; by default its port on this machine."""
    return (os.environ.get(SETTINGS[name]) or f"http://127.0.0.1:{ports[name]}").rstrip("/")
