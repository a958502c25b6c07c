"""The demo's queue: office hours, a form in three languages, and somebody who is told."""

import time
from collections.abc import Sequence
from typing import Any

from deploy.cli.api import Api, problem_of
from deploy.cli.output import give_up

NAME = "Customer service"
TIME_ZONE = "Europe/Oslo"
KNOWN_WITHIN = 20.0
"""Seconds until notification has heard of connections and users that were just made."""
_OFFLINE = {
    "en": "We are closed just now. Leave a message, and we answer as soon as we are back.",
    "es": "Ahora estamos cerrados. Déjenos un mensaje y le responderemos en cuanto volvamos.",
    "de": "Wir haben gerade geschlossen. Hinterlassen Sie eine Nachricht, wir antworten, sobald wir zurück sind.",
}
_LABEL = {"en": "Call us", "es": "Llámenos", "de": "Rufen Sie uns an"}


def make(api: Api, connection_ids: Sequence[str]) -> str:
    """Make it, open Monday to Friday from 9 to 17 in Oslo; gives its id.

    While it is closed the bots go on as they do: what `kith say` gets must not depend on the clock.
    """
    users: list[dict[str, Any]] = api.ask("GET", "/api/console/users")["items"]
    wanted = {
        "name": NAME,
        "time_zone": TIME_ZONE,
        "connection_ids": list(connection_ids),
        "when_closed": "bot",
        "offline": _OFFLINE,
        "other_ways": [{"kind": "phone", "label": _LABEL, "value": "+4722334455"}],
        "members": [user["id"] for user in users if user["role"] == "agent"],
        "lead": next(user["id"] for user in users if user["role"] == "admin"),
    }
    until = time.monotonic() + KNOWN_WITHIN
    while True:
        answer = api.try_once("POST", "/api/notification/queues", json=wanted)
        told: dict[str, Any] = answer.json() if answer.content else {}
        if answer.is_success:
            return told["id"]
        if "queue" in told:  # an interrupted run made it
            return told["queue"]["id"]
        if answer.status_code not in {401, 403, 422, 502, 503} or time.monotonic() > until:
            give_up(f"The queue was refused ({answer.status_code}): {problem_of(answer)}")
        time.sleep(0.1)
