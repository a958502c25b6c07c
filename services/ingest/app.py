"""Ingest's composition root: everything is made and put together here, and nowhere else."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp

from services.ingest.channels.register import ACCOUNTS, HOOKS
from services.ingest.domain.buckets import Buckets, Rate
from services.ingest.routes import connections as connection_routes
from services.ingest.routes import conversations as conversation_routes
from services.ingest.routes import (
    hosted_forms,
    personal_data,
    scenarios,
    speaking,
    visitor_calls,
    visitor_state,
    visitors,
)
from services.ingest.routes import inbound as inbound_routes
from services.ingest.routes.hooks import Hooks
from services.ingest.routes.visitor_door import VisitorDoor
from services.ingest.settings import IngestSettings
from services.ingest.store.aliases import Aliases
from services.ingest.store.connections import Connections
from services.ingest.store.conversations import Conversations, Messages, UnknownUpdates
from services.ingest.store.personal import PersonalData
from services.ingest.store.publishes import make_outbox
from services.ingest.store.visitor_lines import VisitorLines
from services.ingest.subscribers import streams
from services.ingest.usecases.accept import Accept
from services.ingest.usecases.connect import Connect
from services.ingest.usecases.connection_book import ConnectionBook
from services.ingest.usecases.hosted_form import HostedForm
from services.ingest.usecases.keep_conversations import KeepConversations
from services.ingest.usecases.keep_refusals import KeepRefusals
from services.ingest.usecases.leave_form import LeaveForm
from services.ingest.usecases.note_deliveries import NoteDeliveries
from services.ingest.usecases.one_person import OnePerson
from services.ingest.usecases.queue_book import QueueBook
from services.ingest.usecases.say_to_visitor import SayToVisitor
from services.ingest.usecases.show_queue import ShowQueue
from services.ingest.usecases.speak_as_agent import SpeakAsAgent
from services.ingest.usecases.take_items import TakeItems
from services.ingest.usecases.visit import Visit
from services.ingest.usecases.visitor_hub import VisitorHub
from shared.contracts import topics
from shared.contracts.permissions import PermissionBook
from shared.messaging.erasing import Erasing
from shared.sealing.keys import SecretKeys
from shared.spine import Spine
from shared.storage.erased import ErasedChats
from shared.web.app import make_app


def create_app(settings: IngestSettings | None = None) -> tuple[ASGIApp, Spine]:
    """Make the service: its app, and the spine that it runs on."""
    settings = settings or IngestSettings()
    spine = Spine(settings, "ingest")
    spine.publisher.patience_seconds = settings.accept_seconds
    keys = SecretKeys(settings.secret_key.get_secret_value())

    connections = Connections(spine.database)
    conversations = Conversations(spine.database, keys)
    messages = Messages(spine.database)
    lines = VisitorLines(spine.client, spine.database)
    book = ConnectionBook(keys, connections)
    queues = QueueBook()
    leave = LeaveForm(queues, keys)
    permissions = PermissionBook()
    outbox = make_outbox(spine.database, spine.publisher)

    people = OnePerson(Aliases(spine.database), conversations, permissions)
    accept = Accept(accounts=book, hooks=HOOKS, people=people, publisher=spine.publisher)
    connect = Connect(
        client=spine.client,
        connections=connections,
        book=book,
        outbox=outbox,
        keys=keys,
        accounts={channel: make(settings) for channel, make in ACCOUNTS.items()},
        origin=settings.hooks_origin,
    )
    keep_conversations = KeepConversations(
        client=spine.client,
        conversations=conversations,
        messages=messages,
        unknown=UnknownUpdates(spine.database),
        scenarios=book,
        permissions=permissions,
        publisher=spine.publisher,
        desks=leave,
        erased=ErasedChats(spine.database),
    )
    speak = SpeakAsAgent(
        client=spine.client,
        conversations=conversations,
        messages=messages,
        permissions=permissions,
        takes=lambda connection_id: book.account(connection_id) is not None,
        publisher=spine.publisher,
    )
    hub = VisitorHub(lines, spine.health.draining)
    devices = Buckets(Rate(settings.widget_device_rate, settings.widget_device_burst))
    addresses = Buckets(Rate(settings.widget_address_rate, settings.widget_address_burst))

    spine.tail(topics.CONNECTION, book)
    spine.tail(topics.PERMISSION, permissions)
    spine.background("refusals", KeepRefusals(permissions, spine.publisher).run)
    spine.tail(topics.QUEUE, queues)
    streams.subscribe(spine, keep_conversations, NoteDeliveries(messages))
    personal = PersonalData(spine.database)
    spine.consume(topics.ERASURE, Erasing("ingest", spine.client, spine.database, spine.publisher, personal.remove))
    spine.owns(outbox)
    spine.background("agents' words", speak.sweep)
    spine.background("webhooks", connect.keep_pointed)
    spine.background("watch of visitors' messages", hub.watch)
    spine.background("look after visitors' streams", hub.look_after)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        async with spine.running():
            yield

    app = make_app(
        service="ingest",
        title="ingest",
        summary="Takes what people write, keeps conversations, runs scenarios.",
        routers=[
            connection_routes.router(connect, connections),
            scenarios.router(),
            conversation_routes.router(conversations, messages, book, spine.access),
            speaking.router(speak, spine.access),
            personal_data.router(personal),
            inbound_routes.router(TakeItems(accounts=book, leave=leave, publisher=spine.publisher)),
        ],
        lifespan=lifespan,
        health=spine.health,
        access=spine.access,
    )
    show = ShowQueue(queues)
    app.include_router(visitor_state.router(show))
    app.include_router(visitors.router(Visit(accept, leave, lines, messages), hub, book, show, devices))
    senders = Buckets(Rate(settings.form_address_rate, settings.form_address_burst))
    forms = Buckets(Rate(settings.form_key_rate, settings.form_key_burst))
    app.include_router(hosted_forms.router(HostedForm(queues, keys, leave, accept), senders, forms))
    app.include_router(visitor_calls.router(SayToVisitor(book, lines)))
    app.add_middleware(VisitorDoor, book=book, addresses=addresses)
    return Hooks(app, accept, settings.hook_bytes, connect.challenged), spine
