"""Forms that visitors leave, sealed as ingest does it."""

import json
import secrets
from datetime import UTC, datetime
from typing import Any

from services.notification.settings import NotificationSettings
from shared.contracts.chat import ChatRef
from shared.contracts.lookups import lookup
from shared.contracts.queues import ContactFormReceivedV1, FormChoice, FormField, seal_purpose
from shared.sealing.keys import SecretKeys

FIELDS = (
    FormField(id="name", kind="name", label={"en": "Your name", "de": "Ihr Name"}),
    FormField(id="email", kind="email", label={"en": "Email", "de": "E-Mail"}),
    FormField(
        id="topic",
        kind="choice",
        label={"en": "Topic", "de": "Thema"},
        choices=(
            FormChoice(id="order", label={"en": "My order", "de": "Meine Bestellung"}),
            FormChoice(id="offer", label={"en": "An offer", "de": "Ein Angebot"}),
        ),
    ),
    FormField(id="message", kind="text", label={"en": "Message", "de": "Nachricht"}, required=True),
    FormField(id="terms", kind="consent", label={"en": "I agree", "de": "Einverstanden"}),
)


def a_form(settings: NotificationSettings, workspace_id: str, queue_id: str, **more: Any) -> ContactFormReceivedV1:
    """Make a form that somebody left. `text`, `email` and `topic` are what they answered."""
    keys = SecretKeys(settings.secret_key.get_secret_value())
    id_ = more.pop("id", None) or f"form/{secrets.token_hex(8)}"
    email, topic, text = more.pop("email", None), more.pop("topic", None), more.pop("text", "Hello?")
    contact_id = more.pop("contact_id", None) or secrets.token_hex(6)
    answers = {"name": more.pop("name", "Nora"), "message": text, **({"email": email} if email else {})}
    return ContactFormReceivedV1(
        id=id_,
        time=more.pop("time", None) or datetime.now(UTC),
        workspace_id=workspace_id,
        chat=ChatRef(channel="widget", connection_id="con_site", contact_id=contact_id),
        queue_id=queue_id,
        via="widget",
        fields=FIELDS,
        choices={"terms": ("yes",), **({"topic": (topic,)} if topic else {})},
        sealed_answers=keys.seal(workspace_id, seal_purpose(id_), json.dumps(answers)),
        lookups=(lookup(keys.lookup_key(), workspace_id, "email", email),) if email else (),
        while_closed=more.pop("while_closed", True),
        **more,
    )
