"""What ingest reads: what happens in its own chats, and what became of its messages."""

from services.ingest.usecases.keep_conversations import KeepConversations
from services.ingest.usecases.note_deliveries import NoteDeliveries
from shared.contracts import topics
from shared.spine import Spine


def subscribe(spine: Spine, keep_conversations: KeepConversations, note_deliveries: NoteDeliveries) -> None:
    """Hang ingest's subscribers on its spine."""
    spine.consume(topics.CONVERSATION, keep_conversations)
    spine.consume(topics.DELIVERY, note_deliveries)
