"""The composition root of broadcast: what it is made of, and in which order it starts."""

import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import FastAPI

from services.broadcast.channels.register import MAKERS
from services.broadcast.channels.sender import ChannelSender
from services.broadcast.domain.connections import ConnectionBook
from services.broadcast.domain.settle import Patience
from services.broadcast.routes import deliveries as delivery_routes
from services.broadcast.routes import personal_data
from services.broadcast.settings import BroadcastSettings
from services.broadcast.store.calls import Calls
from services.broadcast.store.clock import DatabaseClock
from services.broadcast.store.deliveries import Deliveries
from services.broadcast.store.leases import Leases
from services.broadcast.store.ledger import Ledger
from services.broadcast.store.personal import PersonalData
from services.broadcast.store.receipts import Receipts
from services.broadcast.store.slot import Slot
from services.broadcast.subscribers import outbound
from services.broadcast.usecases.deliveries import GetDelivery, ListDeliveries, ResendDelivery
from services.broadcast.usecases.gate import Gate
from services.broadcast.usecases.plan_deliveries import PlanDeliveries
from services.broadcast.usecases.record_results import RecordResults
from services.broadcast.usecases.report_results import ReportResults
from services.broadcast.usecases.requests import Parts
from services.broadcast.usecases.send import Sender
from services.broadcast.usecases.take_receipts import TakeReceipts
from shared.contracts import topics
from shared.contracts.chat import Channel
from shared.contracts.permissions import PermissionBook
from shared.messaging.erasing import Erasing
from shared.sealing.keys import SecretKeys
from shared.spine import Spine
from shared.storage.erased import ErasedChats
from shared.web.app import make_app


def create_app(settings: BroadcastSettings | None = None) -> FastAPI:
    """Put broadcast together. Nothing starts before the app does."""
    settings = settings or BroadcastSettings()
    spine = Spine(settings, "broadcast")

    permissions, connections = PermissionBook(), ConnectionBook()
    permission_tail = spine.tail(topics.PERMISSION, permissions)
    connection_tail = spine.tail(topics.CONNECTION, connections)
    keys = SecretKeys(settings.secret_key.get_secret_value())
    gate = Gate(permissions, connections, keys, lambda: (permission_tail.age, connection_tail.age))

    clock = DatabaseClock(spine.database)
    ledger = Ledger(spine.database, clock)
    leases = Leases(spine.database, owner=secrets.token_hex(8), seconds=settings.send_lease, slot=Slot(settings.home))
    channels: dict[Channel, ChannelSender] = {name: make(settings) for name, make in MAKERS.items()}

    reports = ReportResults(ledger, spine.publisher, permissions.learn)
    patience = Patience(settings.send_attempts, timedelta(seconds=settings.send_give_up_after))
    receipts = Receipts(spine.database, clock)
    results = RecordResults(ledger, receipts, clock, patience, reports.take)
    parts = Parts(ledger, leases, clock, gate, results, reports.take)
    sender = Sender(settings, parts, channels, connections, Calls(spine.database), reports)
    if settings.parts == "web":
        spine.background("calls", sender.run_calls)
    else:
        spine.background("sender", sender.run)
    plan = PlanDeliveries(ledger, clock, channels, sender.wake, reports.take, ErasedChats(spine.database))
    outbound.subscribe(spine, plan, TakeReceipts(receipts, reports.take))

    personal = PersonalData(spine.database)
    spine.consume(topics.ERASURE, Erasing("broadcast", spine.client, spine.database, spine.publisher, personal.remove))
    kept = Deliveries(spine.database)
    routers = [
        delivery_routes.router(ListDeliveries(kept), GetDelivery(kept), ResendDelivery(kept, clock, sender.wake)),
        personal_data.router(personal),
    ]

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        async with spine.running():
            yield

    return make_app(
        service="broadcast",
        title="broadcast",
        summary="Sends what is to be sent, once, and tells what became of it.",
        routers=routers,
        lifespan=lifespan,
        health=spine.health,
        access=spine.access,
    )
