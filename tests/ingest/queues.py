"""Queues as notification publishes them, and the forms that are left in them, opened again."""

import asyncio
import json
import secrets
import time
from datetime import UTC, datetime
from typing import Any

from services.ingest.settings import IngestSettings
from shared.contracts import topics
from shared.contracts.event import Event
from shared.contracts.queues import (
    ContactForm,
    FormChoice,
    FormField,
    Override,
    QueueStateV1,
    Span,
    seal_purpose,
)
from shared.messaging.publisher import Publisher
from shared.sealing.keys import SecretKeys

ALWAYS = ((Span(opens="00:00", closes="24:00"),),) * 7
NEVER: tuple[tuple[Span, ...], ...] = ((),) * 7
FIELDS = (
    FormField(id="name", kind="name", label={"en": "Your name", "de": "Ihr Name"}, required=True),
    FormField(id="email", kind="email", label={"en": "Email"}, required=True),
    FormField(id="phone", kind="phone", label={"en": "Phone"}),
    FormField(id="text", kind="text", label={"en": "Your message", "de": "Ihre Nachricht"}, required=True),
    FormField(
        id="topic",
        kind="choice",
        label={"en": "What is it about?"},
        choices=(
            FormChoice(id="order", label={"en": "An order", "de": "Eine Bestellung"}),
            FormChoice(id="else", label={"en": "Something else", "de": "Etwas anderes"}),
        ),
    ),
    FormField(id="agree", kind="consent", label={"en": "You may write back to me"}, required=True),
)
GIVEN: dict[str, Any] = {
    "name": "Ann Example",
    "email": "Ann@Example.com",
    "text": "Please call me back.",
    "topic": "order",
    "agree": True,
}


def a_queue(workspace: str, *connections: str, rev: int = 1, **more: Any) -> QueueStateV1:
    """Make a queue that is closed, with a form."""
    given: dict[str, Any] = {
        "id": f"q_{secrets.token_hex(6)}",
        "name": "Shop",
        "time_zone": "Europe/Oslo",
        "hours": NEVER,
        "override": None,
        "offline": {"en": "Nobody is here.", "de": "Niemand ist da."},
        "form": ContactForm(fields=FIELDS, thanks={"en": "Got it, thank you."}),
        "form_key": f"fk_{secrets.token_hex(8)}",
        "time": datetime.now(UTC),
    }
    return QueueStateV1(workspace_id=workspace, connection_ids=connections, rev=rev, **given | more)


def opened(queue: QueueStateV1, *, by_hand: bool) -> QueueStateV1:
    """Return the queue's next state, switched by hand."""
    return queue.model_copy(update={"override": Override(opened=by_hand), "rev": queue.rev + 1})


async def publish(settings: IngestSettings, *states: QueueStateV1) -> None:
    """Publish states as notification does."""
    publisher = Publisher(settings, "notification")
    await publisher.start()
    try:
        await publisher.publish(topics.QUEUE, list[Event](states))
    finally:
        await publisher.stop()


def opened_form(form: dict[str, Any], key: str) -> dict[str, str]:
    """Read a sealed form, as notification does."""
    text = SecretKeys(key).unseal(form["workspace_id"], seal_purpose(form["id"]), form["sealed_answers"])
    return json.loads(text)


async def until_true(ask: Any, seconds: float = 20.0) -> Any:
    """Ask again and again until the answer is true."""
    end = time.monotonic() + seconds
    while True:
        found = await ask()
        if found:
            return found
        assert time.monotonic() < end, f"nothing within {seconds:.0f} s: {ask}"
        await asyncio.sleep(0.1)
