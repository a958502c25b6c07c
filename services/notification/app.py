"""Notification's composition root."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from services.notification.channels.push.send import PushSender
from services.notification.channels.smtp.address import SmtpUrlError, read_smtp_url
from services.notification.domain.emails import RecipientError, address_of
from services.notification.routes.email import email_routes
from services.notification.routes.live import live_routes
from services.notification.routes.mine import mine_routes
from services.notification.routes.personal_data import personal_routes
from services.notification.routes.push import push_routes
from services.notification.routes.queues import QueuesShown, opening_routes, queue_routes
from services.notification.routes.request_work import work_routes
from services.notification.routes.requests import request_routes
from services.notification.routes.show_requests import ShowRequests
from services.notification.routes.statistics import OfQueue, statistics_routes
from services.notification.routes.statuses import status_routes
from services.notification.settings import NotificationSettings
from services.notification.store.live import Live
from services.notification.store.personal import PersonalData
from services.notification.store.publishes import make_outbox
from services.notification.store.queues import Queues
from services.notification.store.requests import Requests
from services.notification.subscribers.changes import subscribe
from services.notification.usecases.alerting import Alerting, Mail
from services.notification.usecases.connection_book import ConnectionBook
from services.notification.usecases.gather_forms import GatherForms
from services.notification.usecases.hub import Hub
from services.notification.usecases.manage_queues import ManageQueues
from services.notification.usecases.number_changes import NumberChanges
from services.notification.usecases.numbering import Numbering
from services.notification.usecases.queue_book import QueueBook
from services.notification.usecases.the_log import TheLog
from shared.contracts import topics
from shared.messaging.erasing import Erasing
from shared.sealing.keys import SecretKeys
from shared.spine import Spine
from shared.storage.erased import ErasedChats
from shared.web.app import make_app


def create_app(settings: NotificationSettings | None = None) -> FastAPI:
    """Put notification together. Nothing is connected before its lifespan begins."""
    settings = settings or NotificationSettings()
    spine = Spine(settings, "notification")
    live = Live(spine.client, spine.database)
    queues = Queues(spine.database)
    queue_book, connection_book = QueueBook(), ConnectionBook()
    outbox = make_outbox(spine.database, spine.publisher)
    hub = Hub(live, spine.access, queue_book, spine.health.draining)
    numbering = Numbering(live, hub.wake)
    manage_queues = ManageQueues(
        client=spine.client,
        queues=queues,
        live=live,
        outbox=outbox,
        book=queue_book,
        connections=connection_book,
        access=spine.access,
        numbering=numbering.now,
    )
    keys = SecretKeys(settings.secret_key.get_secret_value())
    alerting = Alerting(
        spine.client,
        spine.database,
        access=spine.access,
        queues=queues,
        book=queue_book,
        live=live,
        hub=hub,
        numbering=numbering,
        keys=keys,
        mail=_mail(settings),
        push=PushSender(settings.push_contact, settings.push_private),
    )
    log = TheLog(
        spine.client,
        spine.database,
        alerting.clock,
        access=spine.access,
        queues=queues,
        book=queue_book,
        live=live,
        keys=keys,
        attention=alerting.alert,
        escalations=alerting.alert,
        numbering=numbering,
        told=alerting.told,
    )
    show = ShowRequests(browse=log.browse, book=queue_book, access=spine.access, keys=keys, escalations=log.escalations)
    queues_shown = QueuesShown(queues, settings.origin)
    spine.tail(topics.QUEUE, queue_book)
    spine.tail(topics.CONNECTION, connection_book)
    erased = ErasedChats(spine.database)
    subscribe(spine, NumberChanges(live, log.owners, numbering.soon, erased), log.take_forms)
    personal = PersonalData(spine.database)
    spine.consume(
        topics.ERASURE, Erasing("notification", spine.client, spine.database, spine.publisher, personal.remove)
    )
    spine.owns(outbox)
    spine.background("watch", hub.watch)
    spine.background("numbering", numbering.sweep)
    spine.background("look after streams", hub.look_after)
    for name, work in alerting.work.items():
        spine.background(name, work)
    spine.health.note("mail", lambda: alerting.send_emails.trouble)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        async with spine.running():
            yield
        await alerting.push.close()

    app = make_app(
        service="notification",
        title="notification",
        summary="Keeps queues and what is left in them, and tells the console's pages, live, what changed.",
        routers=[
            live_routes(hub),
            queue_routes(manage_queues, queues_shown),
            request_routes(log.browse, log.work, log.history, show),
            work_routes(log.work, show),
            status_routes(log.statuses),
            personal_routes(GatherForms(personal, Requests(spine.database), keys)),
            statistics_routes(log.statistics, log.answers, OfQueue(queue_book), show.person),
            opening_routes(manage_queues, queues_shown, spine.access, alerting.presence.online),
            *_alert_routes(alerting, log, spine, settings),
        ],
        lifespan=lifespan,
        health=spine.health,
        access=spine.access,
    )
    app.state.connections = connection_book
    app.state.alerting = alerting
    return app


def _mail(settings: NotificationSettings) -> Mail:
    """Read what is set of emails. Raises `SmtpUrlError` with what is wrong."""
    url = settings.smtp_url.get_secret_value()
    if url:
        try:
            address_of(settings.mail_from)
        except RecipientError as error:
            raise SmtpUrlError(f"KITH_MAIL_FROM has to be an address, with KITH_SMTP_URL: {error}") from None
    return Mail(read_smtp_url(url) if url else None, settings.mail_from, settings.origin)


def _alert_routes(alerting: Alerting, log: TheLog, spine: Spine, settings: NotificationSettings) -> list[APIRouter]:
    return [
        mine_routes(
            agents=alerting.agents,
            banners=alerting.my_banners,
            try_ways=alerting.try_ways,
            see=log.work.see,
            queue=alerting.queue,
        ),
        push_routes(alerting.subscriptions, alerting.push_key, settings.push_private),
        email_routes(
            emails=alerting.emails,
            send=alerting.send_emails,
            access=spine.access,
            is_set=bool(settings.smtp_url.get_secret_value()),
        ),
    ]
