"""Identity's database as one thing, and the outbox beside it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeVar

from services.identity.domain.labels import Label, LabelKind
from services.identity.domain.segments import Segment
from services.identity.store.activities import Activities
from services.identity.store.answers import Answers
from services.identity.store.chat_contacts import ChatContacts
from services.identity.store.clients import Clients
from services.identity.store.crowds import Crowds
from services.identity.store.definitions import Categories, Fields
from services.identity.store.erased_switches import SwitchesOfErased
from services.identity.store.erasures import Erasures
from services.identity.store.imports import Imports
from services.identity.store.jobs import Jobs
from services.identity.store.keyed import Keyed
from services.identity.store.labels import Groups, Labels, Segments, Tags
from services.identity.store.merges import Merges
from services.identity.store.permissions import PermissionStates, RefusedStates, SwitchStates
from services.identity.store.personal import PersonalData
from services.identity.store.refusals import Refusals
from services.identity.store.states import ChatContactStates, ClientStates
from services.identity.store.suggestions import KeptApart, Suggestions
from shared.contracts import topics
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import Publisher
from shared.storage.erased import ErasedChats
from shared.storage.mongo import Client, Database, Session
from shared.storage.transactions import in_transaction

T = TypeVar("T")


class Stores:
    """Every collection that identity owns."""

    def __init__(self, client: Client, database: Database, lookup_key: bytes = b"") -> None:
        """Name every collection. `lookup_key` is `SecretKeys.lookup_key()`, under which refusals are kept.

        Who only publishes needs none.
        """
        self.client = client
        self.chat_contacts = ChatContacts(database["chat_contacts"])
        self.clients = Clients(database["clients"])
        self.merges = Merges(database["merges"])
        self.suggestions = Suggestions(database["suggestions"])
        self.apart = KeptApart(database["apart"])
        self.tags = Tags(database["tags"])
        self.fields = Fields(database["fields"])
        self.categories = Categories(database["categories"])
        self.keyed = Keyed(database["clients"], database["chat_contacts"])
        self.activities = Activities(database["activities"])
        self.answers = Answers(database["answers"])
        self.crowds = Crowds(client, self.clients.collection)
        self.imports = Imports(database)
        self.groups = Groups(database["groups"])
        self.segments = Segments(database["segments"])
        self.jobs = Jobs(database["jobs"])
        self.refusals = Refusals(database["refusals"], lookup_key)
        self.personal = PersonalData(database)
        self.erasures = Erasures(database["erasures"])
        self.erased = ErasedChats(database)
        self.erased_switches = SwitchesOfErased(database["erased_switches"])
        self.outbox_rows = database["outbox"]

    def labels(self, kind: LabelKind) -> Labels[Any]:
        """Return the collection of one kind."""
        match kind:
            case "tag":
                return self.tags
            case "group":
                return self.groups
            case "segment":
                return self.segments

    async def labels_by_hand(
        self, kind: LabelKind, workspace_id: str, ids: Iterable[str], session: Session | None = None
    ) -> Mapping[str, Label]:
        """Return those of these labels that may be given to people by hand."""
        found: Mapping[str, Label] = await self.labels(kind).of(workspace_id, ids, session)
        return {id_: one for id_, one in found.items() if not isinstance(one, Segment) or one.rule is None}

    async def in_transaction(self, work: Callable[[Session], Awaitable[T]]) -> T:
        return await in_transaction(self.client, work)


def make_outbox(stores: Stores, publisher: Publisher) -> Outbox:
    """Make the outbox, with a source for each topic that identity publishes."""
    return Outbox(
        "identity",
        stores.outbox_rows,
        publisher,
        {
            topics.CHAT_CONTACT: ChatContactStates(stores.chat_contacts),
            topics.CLIENT: ClientStates(stores.clients),
            topics.PERMISSION: PermissionStates(SwitchStates(stores.chat_contacts), RefusedStates(stores.refusals)),
        },
    )
