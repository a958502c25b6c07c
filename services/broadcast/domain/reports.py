"""What the others are told of a result."""

from datetime import datetime

from services.broadcast.domain.delivery import Delivery
from shared.contracts.ids import derived_id
from shared.contracts.people import PermissionStateV1
from shared.contracts.sending import DeliveryStatus, DeliveryUpdatedV1


def delivery_event(row: Delivery) -> DeliveryUpdatedV1:
    """Return the event of a settled row, the same one every time."""
    return DeliveryUpdatedV1(
        id=derived_id("delivery", row.id, str(row.attempt), _status(row)),
        time=max(_finished(row), row.receipt_at or _finished(row)),
        workspace_id=row.workspace_id,
        chat=row.chat,
        outbound_id=row.outbound_id,
        status=_status(row),
        provider_message_id=row.provider_message_id,
        reason=row.reason,
        detail=row.detail,
    )


def blocked_fact(row: Delivery) -> PermissionStateV1:
    """Return the fact that the person blocked the connection, as of when the provider said so."""
    finished = _finished(row)
    return PermissionStateV1(
        id=row.chat_contact_id,
        time=finished,
        workspace_id=row.workspace_id,
        rev=int(finished.timestamp() * 1000),
        chat_contact_id=row.chat_contact_id,
        fact="blocked",
        proactive=False,
        reactive=False,
        agent=False,
    )


def _finished(row: Delivery) -> datetime:
    if row.finished_at is None:
        raise ValueError(f"{row.id} has no result yet")
    return row.finished_at


def _status(row: Delivery) -> DeliveryStatus:
    if row.status in {"planned", "sending"}:
        raise ValueError(f"{row.id} has no result yet")
    if row.status == "sent" and row.receipt is not None:
        return row.receipt
    return row.status  # pyright: ignore[reportReturnType] - narrowed by the line above
