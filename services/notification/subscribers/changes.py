"""What notification reads: what keeps pages live, and what people left."""

from services.notification.usecases.number_changes import NumberChanges
from services.notification.usecases.take_forms import TakeForms
from shared.contracts import topics
from shared.spine import Spine


def subscribe(spine: Spine, number_changes: NumberChanges, take_forms: TakeForms) -> None:
    """Give a number to every new state of clients and of chat contacts, and take forms into the log."""
    spine.consume(topics.CLIENT, number_changes)
    spine.consume(topics.CHAT_CONTACT, number_changes)
    spine.consume(topics.CONTACT_FORM, take_forms)
