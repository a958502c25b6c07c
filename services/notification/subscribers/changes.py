"""What notification reads to keep pages live."""

from services.notification.usecases.number_changes import NumberChanges
from shared.contracts import topics
from shared.spine import Spine


def subscribe(spine: Spine, number_changes: NumberChanges) -> None:
    """Give a number to every new state of clients and of chat contacts."""
    spine.consume(topics.CLIENT, number_changes)
    spine.consume(topics.CHAT_CONTACT, number_changes)
