"""Forms come in: each becomes one entry of its queue's log, is told of, and begins to be escalated; all or nothing."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from prometheus_client import Counter

from services.notification.domain.changes import about_request
from services.notification.domain.request import Contents, Happening, Request, new_request, terms_of
from services.notification.store.live import Live
from services.notification.store.queues import Queues
from services.notification.store.requests import Requests
from services.notification.usecases.attention import Attention, NewForm
from services.notification.usecases.turns import Turns
from shared.contracts import topics
from shared.contracts.event import Event
from shared.contracts.ids import request_id
from shared.contracts.queues import ContactFormReceivedV1
from shared.observability.metrics import DEDUPLICATED
from shared.storage.mongo import Client, Session
from shared.storage.transactions import in_transaction

FORMS = Counter("kith_forms_total", "Contact forms taken into the log.")


class TakeForms:
    """Takes a batch of forms: one transaction per workspace. The same form again changes nothing."""

    def __init__(
        self,
        *,
        client: Client,
        requests: Requests,
        queues: Queues,
        live: Live,
        attention: Attention,
        turns: Turns,
        wake: Callable[[str, int], None],
        told: Callable[[], None],
    ) -> None:
        self._client = client
        self._requests = requests
        self._queues = queues
        self._live = live
        self._attention = attention
        self._turns = turns
        self._wake = wake
        self._told = told

    async def __call__(self, events: Sequence[Event]) -> None:
        """Take them in. A form of a queue that nobody knows is kept under the queue's id: no form is ever lost."""
        by_workspace: dict[str, dict[str, ContactFormReceivedV1]] = {}
        for event in events:
            if isinstance(event, ContactFormReceivedV1):
                forms = by_workspace.setdefault(event.workspace_id, {})
                forms.setdefault(request_id(event.workspace_id, event.id), event)
        done = await asyncio.gather(
            *(self._take(workspace_id, forms) for workspace_id, forms in by_workspace.items()), return_exceptions=True
        )
        for failed in done:
            if isinstance(failed, BaseException):
                raise failed  # one by itself: a group of errors would hide that the database is only away

    async def _take(self, workspace_id: str, forms: dict[str, ContactFormReceivedV1]) -> None:
        queues = await self._queues.named(workspace_id, {form.queue_id for form in forms.values()})
        now = datetime.now(UTC)  # before who is told is looked at: a history begins with the form
        ready = await self._attention.prepare(workspace_id, queues)

        async def work(session: Session) -> tuple[int, int | None]:
            known = await self._requests.known(list(forms), session)
            news = [form for id_, form in forms.items() if id_ not in known]
            if not news:
                return 0, None
            rows = [(new_request(form, n), _contents(form), terms_of(form, n)) for n, form in enumerate(news, first)]
            requests = [request for request, _, _ in rows]
            await self._requests.add(rows, session)
            await self._requests.note(workspace_id, [_received(request, now) for request in requests], session)
            told = [NewForm(one.id, one.queue_id, one.at) for one in requests if one.queue_id in queues]
            await self._attention.begin(ready, told, session)
            lines = [about_request(request.id, request.told, request.queue_id) for request in requests]
            return len(news), await self._live.number(workspace_id, lines, session)

        async with self._turns.of(workspace_id):
            known_before = await self._requests.known(list(forms))
            first = await self._requests.take_numbers(workspace_id, len(forms) - len(known_before))
            taken, newest = await in_transaction(self._client, work)
        FORMS.inc(taken)
        DEDUPLICATED.labels(topics.CONTACT_FORM.name).inc(len(forms) - taken)
        self._told()
        if newest is not None:
            self._wake(workspace_id, newest)


def _contents(form: ContactFormReceivedV1) -> Contents:
    return Contents(
        [field.model_dump(mode="json") for field in form.fields],
        {field: list(chosen) for field, chosen in form.choices.items()},
        form.sealed_answers,
    )


def _received(request: Request, now: datetime) -> Happening:
    what = {"via": request.via, "while_closed": request.while_closed, "left_at": request.at}
    return Happening(request.id, "received", now, None, what)
