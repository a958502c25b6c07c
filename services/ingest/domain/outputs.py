"""What follows from a turn, as events. Their ids derive from the input's, so that twice is once."""

from services.ingest.domain.one_answer import as_one
from services.ingest.domain.scenario_turn import Reply, Turn
from shared.contracts.chat import Channel, ChatEvent, Detail, DetailsProvidedV1, FormLeftV1, MessageReceivedV1
from shared.contracts.queues import ContactFormReceivedV1
from shared.contracts.sending import MessageRequestedV1

WAITING: frozenset[Channel] = frozenset({"telegram"})
"""Channels on which a pressed button shows that it waits, until it is answered: an old one, too, that we pass over."""
Output = MessageRequestedV1 | DetailsProvidedV1 | ContactFormReceivedV1 | FormLeftV1


def outputs_of(event: ChatEvent, turn: Turn, acknowledges: str | None) -> tuple[Output, ...]:
    """Make the events that follow from a turn; `acknowledges` is the press that it answers."""
    details = tuple(Detail(kind=given.kind, value=given.value, strength="claimed") for given in turn.provided)
    found: list[Output] = []
    if details:
        found.append(
            DetailsProvidedV1(
                id=f"{event.id}/typed",
                time=event.time,
                workspace_id=event.workspace_id,
                chat=event.chat,
                address=event.address,
                details=details,
                how="typed",
            )
        )
    comment = event.comment if isinstance(event, MessageReceivedV1) else None
    if comment is not None:
        one = as_one(turn.replies, event.chat.channel)
        return (*found, *(_request(event, reply, 0, None, comment.id) for reply in one))
    replies = turn.replies
    if not replies and acknowledges is not None and event.chat.channel in WAITING:
        replies = (Reply(""),)
    for number, reply in enumerate(replies):
        found.append(_request(event, reply, number, acknowledges if number == 0 else None))
    return tuple(found)


def _request(
    event: ChatEvent, reply: Reply, number: int, acknowledges: str | None, comment: str | None = None
) -> MessageRequestedV1:
    return MessageRequestedV1(
        id=f"{event.id}/out/{number:02d}",
        time=event.time,
        workspace_id=event.workspace_id,
        chat=event.chat,
        address=event.address,
        text=reply.text,
        buttons=reply.buttons,
        ask_contact=reply.ask_contact,
        remove_keyboard=reply.remove_keyboard,
        acknowledges=acknowledges,
        answers_comment=comment,
        origin="scenario",
        cause=event.id,
    )
