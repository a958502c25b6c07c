"""Which setting names which port, and what is said when one is taken."""

import os
import random
import socket
from collections.abc import Iterable, Mapping
from contextlib import ExitStack

from deploy.local.errors import CannotStart

HIGHEST = 65535
FIRST = "KITH_PORT"
DEFAULT = 8000

_dice = random.SystemRandom()
"""Two test processes whose chance begins alike must not meet at the same ports."""
SETTINGS = {
    "console": "KITH_PORT",
    "ingest": "KITH_INGEST_PORT",
    "identity": "KITH_IDENTITY_PORT",
    "notification": "KITH_NOTIFICATION_PORT",
    "broadcast": "KITH_BROADCAST_PORT",
    "sandbox": "KITH_SANDBOX_PORT",
    "kafka": "KITH_KAFKA_PORT",
    "kafka-controller": "KITH_KAFKA_CONTROLLER_PORT",
    "mongo": "KITH_MONGO_PORT",
    "sandbox-mail": "KITH_SANDBOX_MAIL_PORT",
}
"""The setting of each port, in the order of their defaults: KITH_PORT, then one more for each."""


def of_environment(environment: Mapping[str, str] = os.environ) -> dict[str, int]:
    """Give the port of each name in SETTINGS. Raises CannotStart for one that is no port, or that is named twice."""
    first = _port(FIRST, environment.get(FIRST) or str(DEFAULT))
    ports = {
        name: _port(setting, environment.get(setting) or str(first + offset))
        for offset, (name, setting) in enumerate(SETTINGS.items())
    }
    seen: dict[int, str] = {}
    for name, port in ports.items():
        if other := seen.get(port):
            raise CannotStart(f"{SETTINGS[other]} and {SETTINGS[name]} are both {port}: give one of them another port.")
        seen[port] = name
    return ports


def _port(setting: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 0 < int(value) <= HIGHEST:
        raise CannotStart(f"{setting} is {value!r}, which is no port: set it to a number from 1 to {HIGHEST}.")
    return int(value)


def refuse_taken(ports: Mapping[str, int], names: Iterable[str]) -> None:
    """Raise CannotStart, naming the setting, if somebody listens on a port of `names`."""
    for name in names:
        if not is_free(ports[name]):
            setting = SETTINGS[name]
            others = "" if setting == FIRST else f" (or {FIRST}, from which all others count)"
            raise CannotStart(
                f"Port {ports[name]}, wanted for {name}, is taken by another process: "
                f"stop that one, or set {setting}{others} to a free port."
            )


def is_free(port: int) -> bool:
    """Tell whether we could listen on `port` of this machine's own address."""
    with socket.socket() as probe:
        # Without it the connections that a run of ours left behind would count as taken for a minute.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free(count: int) -> list[int]:
    """Find `count` ports that nobody listens on, for servers of tests.

    They lie below the range from which systems take the ports of outgoing connections: there, a client that knocks
    at a server which is just being restarted may be given the server's own port, and connect to itself.
    """
    found: list[int] = []
    with ExitStack() as held:
        while len(found) < count:
            port = _dice.randint(15000, 30000)
            listener = held.enter_context(socket.socket())
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            found.append(port)
    return found
