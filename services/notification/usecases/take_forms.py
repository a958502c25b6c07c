"""Forms come in: each becomes one entry of its queue's log, is told of, and begins to be escalated; all or nothing."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from prometheus_client import Counter
from pymongo.errors import PyMongoError

from services.notification.domain.changes import about_request
from services.notification.domain.request import Contents, Happening, Request, new_request, terms_of
from services.notification.store.clock import Clock
from services.notification.store.live import Live
from services.notification.store.queues import Queues
from services.notification.store.requests import Requests
from services.notification.usecases.attention import Attention, NewForm
from shared.contracts import topics
from shared.contracts.event import Event
from shared.contracts.ids import request_id
from shared.contracts.queues import ContactFormReceivedV1
from shared.observability.metrics import DEDUPLICATED
from shared.storage.erased import ErasedChats
from shared.storage.mongo import Client, Session
from shared.storage.transactions import in_transaction, is_duplicate

ATTEMPTS = 3
FORMS = Counter("kith_forms_total", "Contact forms taken into the log.")


class TakeForms:
    """Takes a batch of forms: one transaction per workspace. The same form again changes nothing."""

    def __init__(
        self,
        *,
        client: Client,
        clock: Clock,
        requests: Requests,
        queues: Queues,
        live: Live,
        attention: Attention,
        numbering: Callable[[str], None],
        told: Callable[[], None],
        erased: ErasedChats,
    ) -> None:
        self._client = client
        self._clock = clock
        self._requests = requests
        self._queues = queues
        self._live = live
        self._attention = attention
        self._numbering = numbering
        self._told = told
        self._erased = erased

    async def __call__(self, events: Sequence[Event]) -> None:
        """Take them in. A form of a queue that nobody knows is kept under the queue's id, and admins are told."""
        by_workspace: dict[str, dict[str, ContactFormReceivedV1]] = {}
        # what somebody left who was erased since stays gone, should the topic be read again
        for form in await self._erased.without([one for one in events if isinstance(one, ContactFormReceivedV1)]):
            by_workspace.setdefault(form.workspace_id, {}).setdefault(request_id(form.workspace_id, form.id), form)
        done = await asyncio.gather(
            *(self._take(workspace_id, forms) for workspace_id, forms in by_workspace.items()), return_exceptions=True
        )
        for failed in done:
            if isinstance(failed, BaseException):
                raise failed  # one by itself: a group of errors would hide that the database is only away

    async def _take(self, workspace_id: str, forms: dict[str, ContactFormReceivedV1]) -> None:
        attempts = ATTEMPTS
        while True:
            attempts -= 1
            try:
                taken, something_waits = await self._take_news(workspace_id, forms)
                break
            except PyMongoError as error:
                if not is_duplicate(error) or not attempts:
                    raise
        FORMS.inc(taken)
        DEDUPLICATED.labels(topics.CONTACT_FORM.name).inc(len(forms) - taken)
        self._numbering(workspace_id)
        if something_waits:
            self._told()

    async def _take_news(self, workspace_id: str, forms: dict[str, ContactFormReceivedV1]) -> tuple[int, bool]:
        """Take in those that are not known; returns how many, and whether emails or pushes are to go out.

        All is read before the transaction, which only writes: it stays short.
        """
        known, queues = await asyncio.gather(
            self._requests.known(list(forms)),
            self._queues.or_unknown(workspace_id, {form.queue_id for form in forms.values()}),
        )
        news = [form for id_, form in forms.items() if id_ not in known]
        if not news:
            return 0, False
        now = await self._clock()
        ready, first = await asyncio.gather(
            self._attention.prepare(workspace_id, queues, now), self._requests.take_numbers(workspace_id, len(news))
        )
        rows = [(new_request(form, n), _contents(form), terms_of(form, n)) for n, form in enumerate(news, first)]
        requests = [request for request, _, _ in rows]
        told = [NewForm(one.id, one.queue_id, one.at) for one in requests]
        lines = [about_request(request.id, request.told, request.queue_id) for request in requests]

        async def work(session: Session) -> bool:
            await self._requests.add(rows, session)
            await self._requests.note(workspace_id, [_received(request, now) for request in requests], session)
            await self._live.put(workspace_id, lines, session)
            return await self._attention.begin(ready, told, session)

        return len(news), await in_transaction(self._client, work)


def _contents(form: ContactFormReceivedV1) -> Contents:
    return Contents(
        [field.model_dump(mode="json") for field in form.fields],
        {field: list(chosen) for field, chosen in form.choices.items()},
        form.sealed_answers,
    )


def _received(request: Request, now: datetime) -> Happening:
    what = {"via": request.via, "while_closed": request.while_closed, "left_at": request.at}
    return Happening(request.id, "received", now, None, what)
