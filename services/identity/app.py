"""The composition root: what identity is made of, and how it hangs together."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI

from services.identity.routes.activity import activity
from services.identity.routes.adding import adding
from services.identity.routes.chat_contacts import chat_contacts
from services.identity.routes.client_labels import client_labels
from services.identity.routes.clients import clients
from services.identity.routes.contacts import contacts
from services.identity.routes.definitions import categories, fields
from services.identity.routes.editing_clients import editing
from services.identity.routes.ending import ending
from services.identity.routes.exports import exports
from services.identity.routes.groups import groups
from services.identity.routes.imports import import_faults, import_work, imports
from services.identity.routes.jobs import jobs
from services.identity.routes.merges import deleting, merges
from services.identity.routes.old_ids import old_ids
from services.identity.routes.preferences import preference_links, preferences
from services.identity.routes.privacy import certificates, privacy
from services.identity.routes.reaching import reaching
from services.identity.routes.refusals import lifting, refusals
from services.identity.routes.segments import segments
from services.identity.routes.suggestions import suggestions
from services.identity.routes.tags import tags
from services.identity.settings import IdentitySettings
from services.identity.store.connections import Connections
from services.identity.store.stores import Stores, make_outbox
from services.identity.subscribers.conversation import on_conversation, on_delivery
from services.identity.subscribers.erasure import on_erasure
from services.identity.usecases.actions.table import actions
from services.identity.usecases.add_chat_contact import AddChatContact
from services.identity.usecases.answer_once import AnswerOnce
from services.identity.usecases.browse import BrowseChatContacts, BrowseClients
from services.identity.usecases.browse_refusals import BrowseRefusals
from services.identity.usecases.browse_suggestions import BrowseSuggestions
from services.identity.usecases.change_chat_contact import ChangeChatContact
from services.identity.usecases.change_client import ChangeClient
from services.identity.usecases.change_tokens import ChangeTokens
from services.identity.usecases.count_people import CountPeople
from services.identity.usecases.define import DefineCategories, DefineFields
from services.identity.usecases.delete_clients import DeleteClients
from services.identity.usecases.end_label import EndLabel
from services.identity.usecases.erase_person import ErasePerson
from services.identity.usecases.export_clients import ExportClients
from services.identity.usecases.forget_deleted import ForgetDeleted
from services.identity.usecases.gather_person import GatherPerson
from services.identity.usecases.import_people import ImportPeople
from services.identity.usecases.judge_suggestion import JudgeSuggestion
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.keep_segments import KeepSegments
from services.identity.usecases.label_client import LabelClient
from services.identity.usecases.lift_refusal import LiftRefusal
from services.identity.usecases.make_client import MakeClient
from services.identity.usecases.make_tag import MakeTag
from services.identity.usecases.manage_imports import ManageImports
from services.identity.usecases.merge_clients import MergeClients
from services.identity.usecases.merge_history import MergeHistory
from services.identity.usecases.note_deliveries import NoteDeliveries
from services.identity.usecases.preferences import ChoosePreferences
from services.identity.usecases.read_catalog import ReadCatalog
from services.identity.usecases.recognise_senders import RecogniseSenders
from services.identity.usecases.refuse import Refuse
from services.identity.usecases.resolve_filter import ResolveFilter, SegmentsOf
from services.identity.usecases.run_jobs import RunJobs
from services.identity.usecases.show_activity import ShowActivity
from services.identity.usecases.show_client import ShowClient
from services.identity.usecases.start_job import StartJob
from services.identity.usecases.take_erasure_answers import TakeErasureAnswers
from services.identity.usecases.take_import import TakeImport
from services.identity.usecases.tell_activity import TellActivity
from services.identity.usecases.undo_merge import UndoMerge
from services.identity.usecases.upsert_contacts import UpsertContacts
from services.identity.usecases.watch_jobs import WatchJobs
from services.identity.usecases.work_on_imports import WorkOnImports
from shared.contracts import topics
from shared.messaging.outbox import Outbox
from shared.sealing.keys import SecretKeys
from shared.spine import Spine
from shared.web.app import make_app


def nobody_waits() -> None:
    """Wake nobody: whoever works in the background looks by themselves."""


def routers(
    stores: Stores,
    outbox: Outbox,
    connections: Connections,
    wake_imports: Callable[[], None] = nobody_waits,
    wake_jobs: Callable[[], None] = nobody_waits,
) -> Sequence[APIRouter]:
    """Return the API, over whatever stores and outbox it is given."""
    show, count, change = ShowClient(stores), CountPeople(stores), ChangeClient(stores, outbox)
    upsert = UpsertContacts(stores, outbox, ReadCatalog(stores, MakeTag(stores)))
    manage_imports = ManageImports(stores, wake_imports)
    merge = MergeClients(stores, outbox)
    everything = APIRouter(dependencies=[Depends(old_ids(show))])
    for router in (
        chat_contacts(BrowseChatContacts(stores), ChangeChatContact(stores, outbox), connections),
        adding(AddChatContact(stores, outbox), connections),
        clients(BrowseClients(stores), ResolveFilter(stores), show, connections),
        editing(MakeClient(stores, outbox), change, show, connections),
        fields(DefineFields(stores)),
        categories(DefineCategories(stores)),
        contacts(upsert, AnswerOnce(stores)),
        reaching(change, ChangeTokens(stores, change), show, connections),
        activity(ShowActivity(stores), TellActivity(stores, outbox), AnswerOnce(stores)),
        exports(ExportClients(stores)),
        imports(stores.imports, TakeImport(stores), manage_imports),
        import_work(manage_imports),
        import_faults(stores.imports, manage_imports),
        client_labels(LabelClient(stores, outbox), show),
        tags(stores.tags, count),
        groups(stores.groups, count),
        segments(stores.segments, KeepSegments(stores), count, show, SegmentsOf(stores)),
        ending(*(EndLabel(stores, kind, wake_jobs) for kind in ("tag", "group", "segment"))),
        jobs(StartJob(stores, wake_jobs), WatchJobs(stores, wake_jobs)),
        merges(merge, UndoMerge(stores, outbox), MergeHistory(stores), show),
        deleting(DeleteClients(stores, outbox)),
        suggestions(BrowseSuggestions(stores), JudgeSuggestion(stores, merge), show),
        refusals(BrowseRefusals(stores), Refuse(stores, outbox)),
        lifting(BrowseRefusals(stores), LiftRefusal(stores, outbox)),
        privacy(ErasePerson(stores, outbox), GatherPerson(stores)),
        certificates(stores.erasures),
    ):
        everything.include_router(router)
    return (everything,)


def create_app(settings: IdentitySettings | None = None) -> FastAPI:
    """Make identity. Nothing is connected to before the app starts."""
    spine = Spine(settings or IdentitySettings(), "identity")
    keys = SecretKeys(spine.settings.secret_key.get_secret_value())
    stores = Stores(spine.client, spine.database, keys.lookup_key())
    outbox = make_outbox(stores, spine.publisher)
    connections = Connections()

    spine.tail(topics.CONNECTION, connections)
    spine.consume(topics.CONVERSATION, on_conversation(RecogniseSenders(stores, outbox, connections)))
    spine.consume(topics.DELIVERY, on_delivery(NoteDeliveries(stores, outbox)))
    spine.owns(outbox)
    worker = RunJobs(stores, outbox, actions(stores, outbox, now_in_millis))
    if spine.settings.parts != "web":
        spine.background("jobs", worker.run)
    spine.background("deleted fields and categories", ForgetDeleted(stores, outbox).run)
    spine.background("crowds", stores.crowds.run)
    work_on_imports = WorkOnImports(stores, ImportPeople(stores, outbox))
    if spine.settings.parts != "web":
        spine.background("imports", work_on_imports.run)
        spine.background("erasures", ErasePerson(stores, outbox).run)
    spine.consume(topics.ERASURE, on_erasure(TakeErasureAnswers(stores.erasures)))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        async with spine.running():
            yield

    choose = ChoosePreferences(stores, outbox, keys, spine.settings.origin)
    app = make_app(
        service="identity",
        title="Identity",
        summary="Who is who: everybody who writes, and the clients they are.",
        routers=(
            *routers(stores, outbox, connections, work_on_imports.wake, worker.wanted.set),
            preference_links(choose, ShowClient(stores)),
        ),
        lifespan=lifespan,
        health=spine.health,
        access=spine.access,
    )
    app.include_router(preferences(choose))
    return app
