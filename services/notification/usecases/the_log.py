"""All that keeps the queue activity log, put together: one for each process."""

from collections.abc import Callable

from services.notification.store.chat_owners import ChatOwners
from services.notification.store.clock import Clock
from services.notification.store.live import Live
from services.notification.store.queues import Queues
from services.notification.store.request_lists import RequestLists
from services.notification.store.request_statistics import RequestStatistics
from services.notification.store.requests import Requests
from services.notification.store.statuses import Statuses
from services.notification.usecases.attention import Attention, Escalations
from services.notification.usecases.browse_requests import BrowseRequests
from services.notification.usecases.numbering import Numbering
from services.notification.usecases.own_statuses import OwnStatuses
from services.notification.usecases.queue_book import QueueBook
from services.notification.usecases.read_answers import ReadAnswers
from services.notification.usecases.read_history import ReadHistory
from services.notification.usecases.read_statistics import ReadStatistics
from services.notification.usecases.take_forms import TakeForms
from services.notification.usecases.work_on_requests import WorkOnRequests
from shared.sealing.keys import SecretKeys
from shared.storage.erased import ErasedChats
from shared.storage.mongo import Client, Database
from shared.web.access import AccessBook


class TheLog:
    """The parts."""

    def __init__(
        self,
        client: Client,
        owned: Database,
        clock: Clock,
        *,
        access: AccessBook,
        queues: Queues,
        book: QueueBook,
        live: Live,
        keys: SecretKeys,
        attention: Attention,
        escalations: Escalations,
        numbering: Numbering,
        told: Callable[[], None],
    ) -> None:
        self.owners = ChatOwners(owned)
        requests, statuses = Requests(owned), Statuses(owned)
        self.escalations = escalations
        self.statuses = OwnStatuses(statuses)
        self.history = ReadHistory(requests, escalations)
        self.browse = BrowseRequests(
            lists=RequestLists(owned), requests=requests, owners=self.owners, book=book, lookup_key=keys.lookup_key()
        )
        numbers = RequestStatistics(owned)
        self.statistics = ReadStatistics(numbers)
        self.answers = ReadAnswers(numbers, requests, keys)
        self.take_forms = TakeForms(
            client=client, clock=clock, requests=requests, queues=queues, live=live, attention=attention,
            numbering=numbering.soon, told=told, erased=ErasedChats(owned),
        )  # fmt: skip
        self.work = WorkOnRequests(
            client=client, requests=requests, statuses=statuses, live=live, book=book, access=access, keys=keys,
            attention=attention, numbering=numbering.now,
        )  # fmt: skip
