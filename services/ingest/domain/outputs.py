"""What follows from a turn, as events. Their ids derive from the input's, so that twice is once."""

from services.ingest.domain.scenario_run import Reply, Turn
from shared.contracts.chat import ChatEvent, Detail, DetailsProvidedV1
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
                details=details,
                how="typed",
            )
        )
    for number, reply in enumerate(turn.replies):
        first = number == 0
        found.append(_request(event, reply, number, acknowledges if first else None))
    return tuple(found)


def _request(event: ChatEvent, reply: Reply, number: int, acknowledges: str | None) -> MessageRequestedV1:
    return MessageRequestedV1(
        id=f"{event.id}/out/{number:02d}",
        time=event.time,
        workspace_id=event.workspace_id,
        chat=event.chat,
        text=reply.text,
        buttons=reply.buttons,
        ask_contact=reply.ask_contact,
        remove_keyboard=reply.remove_keyboard,
        acknowledges=acknowledges,
        origin="scenario",
        cause=event.id,
    )
