"""What follows from a turn, as events. Their ids derive from the input's, so that twice is once."""

from collections.abc import Sequence
from dataclasses import replace

from services.ingest.domain.scenario_run import Reply, Turn
from shared.contracts.chat import ChatEvent, Detail, DetailsProvidedV1, MessageReceivedV1
from shared.contracts.sending import MessageRequestedV1

Output = MessageRequestedV1 | DetailsProvidedV1


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
        return (*found, *(_request(event, reply, 0, None, comment.id) for reply in _as_one(turn.replies)))
    for number, reply in enumerate(turn.replies):
        found.append(_request(event, reply, number, acknowledges if number == 0 else None))
    return tuple(found)


def _as_one(replies: Sequence[Reply]) -> Sequence[Reply]:
    """Join what is said in answer to a comment: its author may be written to once, until they write themselves."""
    if len(replies) <= 1:
        return replies
    return (replace(replies[-1], text="\n\n".join(reply.text for reply in replies)),)


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
