"""What WhatsApp tells of messages that it took."""

from collections.abc import Mapping

from services.ingest.channels.meta.envelope import Reader, at_seconds
from services.ingest.channels.whatsapp.updates import Status, StatusError
from services.ingest.channels.whatsapp.who import person
from shared.contracts.chat import MarketingStoppedV1
from shared.contracts.sending import FailureReason, ReceiptReceivedV1

_STATUSES: Mapping[str, str] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}
_REASONS: Mapping[int, FailureReason] = {
    131047: "outside_window",
    131050: "opted_out",
    131026: "undeliverable",  # no WhatsApp, an old one, terms not accepted, or blocked: it does not say which
    131051: "rejected",  # unsupported message type
    131052: "rejected",  # media that could not be fetched
    131053: "rejected",  # media that could not be sent
    131062: "rejected",  # this message cannot go to a user id
    132001: "rejected",  # no such template
    132015: "rejected",  # template paused
    132016: "rejected",  # template disabled
    190: "connection_refused",
    131031: "connection_refused",  # account locked
    368: "connection_refused",  # account restricted for policy
}
"""Meta's codes (developers.facebook.com, Cloud API, error codes). Any other failure is `undeliverable`."""


def add_receipt(reader: Reader, status: Status) -> bool:
    """Add what a status says; False where it is none that we know."""
    known = _STATUSES.get(status.status)
    who = person(status.recipient_user_id, status.recipient_id)
    if known is None or who is None or status.recipient_type == "group":
        return False
    reader.read.tells_of(who.contact_id, who.known_by(status.timestamp, wrote=False))
    error = status.errors[0] if status.errors and known == "failed" else None
    reason = _reason(error) if known == "failed" else None
    id_ = reader.id(status.id, status.status)
    time = at_seconds(status.timestamp)
    reader.add(
        ReceiptReceivedV1.model_validate(
            {
                "id": id_,
                "time": time,
                "workspace_id": reader.account.workspace_id,
                "chat": reader.chat(who.contact_id),
                "status": known,
                "provider_message_ids": (status.id,),
                "ledger_id": status.biz_opaque_callback_data or None,
                "reason": reason,
                "detail": _words(error) if error is not None else None,
            }
        )
    )
    if reason == "opted_out":  # a "no" counts at once, whoever we learn it from
        reader.add(
            MarketingStoppedV1(
                id=f"{id_}/stopped",
                time=time,
                workspace_id=reader.account.workspace_id,
                chat=reader.chat(who.contact_id),
            )
        )
    return True


def _reason(error: StatusError | None) -> FailureReason:
    return _REASONS.get(error.code, "undeliverable") if error is not None else "undeliverable"


def _words(error: StatusError) -> str:
    said = (error.error_data.details if error.error_data else None) or error.message or error.title or "failed"
    return f"{error.code}: {said}"
