"""Leave a contact form: checked against the queue's form as it is now, and sealed before it goes anywhere."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from services.ingest.domain.contact_form import Answers, read_answers
from services.ingest.domain.form_left import FormEvents, Left, Sealed, form_events
from services.ingest.domain.front_desk import FrontDesk
from services.ingest.usecases.queue_book import QueueBook
from shared.contracts.chat import ChatRef
from shared.contracts.lookups import lookup
from shared.contracts.queues import FormVia, QueueStateV1, seal_purpose
from shared.sealing.keys import SecretKeys


class NoFormError(Exception):
    """No queue takes a form here: there is none, it was deleted, or it asks nothing."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in. `repr` is not to show what it says."""

    id: str
    """Of the event that left it; the same one again is the same form."""
    time: datetime
    workspace_id: str
    chat: ChatRef
    via: FormVia
    language: str | None
    answers: Mapping[str, object]

    def __repr__(self) -> str:
        return f"Filled({self.id})"


class LeaveForm:
    """Makes a form's events; whoever took it in publishes them, and waits."""

    def __init__(self, queues: QueueBook, keys: SecretKeys) -> None:
        self._queues = queues
        self._keys = keys

    def at_connection(self, filled: Filled) -> FormEvents:
        """Leave it in the queue that its connection feeds. Raises `NoFormError` or `FormFaultsError`."""
        return self.events(self._queues.of_connection(filled.workspace_id, filled.chat.connection_id), filled)

    def in_queue(self, queue_id: str, filled: Filled) -> FormEvents:
        """Leave it in a queue. Raises as above."""
        return self.events(self._queues.queue(filled.workspace_id, queue_id), filled)

    def events(self, queue: QueueStateV1 | None, filled: Filled) -> FormEvents:
        """Make the events of a form in a queue. Raises as above."""
        if queue is None or not queue.form.fields:
            raise NoFormError
        answers = read_answers(queue.form, filled.answers)
        left = Left(
            id=filled.id,
            time=filled.time,
            workspace_id=filled.workspace_id,
            chat=filled.chat,
            via=filled.via,
            language=filled.language,
            while_closed=not self._queues.opening(queue).is_open,
        )
        return form_events(left, queue, answers, self.seal)

    def desk(self, workspace_id: str, connection_id: str) -> FrontDesk | None:
        """Return the queue that a connection feeds, as whoever answers there needs it."""
        queue = self._queues.of_connection(workspace_id, connection_id)
        return None if queue is None else FrontDesk(queue, self._queues.opening(queue), self.seal, datetime.now(UTC))

    def seal(self, workspace_id: str, form_id: str, answers: Answers) -> Sealed:
        """Seal what was written, and hash what may be looked up."""
        text = json.dumps(dict(answers.texts), ensure_ascii=False)
        key = self._keys.lookup_key()
        return Sealed(
            self._keys.seal(workspace_id, seal_purpose(form_id), text),
            tuple(lookup(key, workspace_id, detail.kind, detail.value) for detail in answers.details),
        )
