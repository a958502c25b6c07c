"""All that tells agents of forms, put together: one for each process."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from services.notification.channels.push.send import PushSender
from services.notification.channels.smtp.address import SmtpAddress
from services.notification.store.agents import Agents
from services.notification.store.banners import Banners
from services.notification.store.clock import clock_of
from services.notification.store.emails import Emails
from services.notification.store.live import Live
from services.notification.store.presence import Presence
from services.notification.store.push_key import PushKey
from services.notification.store.queues import Queues
from services.notification.store.requests import Requests
from services.notification.store.steps import Steps
from services.notification.store.subscriptions import Pushes, Subscriptions
from services.notification.store.timers import Timers
from services.notification.usecases.alert import Alert
from services.notification.usecases.circles import Circles
from services.notification.usecases.escalate import Escalate
from services.notification.usecases.hub import Hub
from services.notification.usecases.my_banners import MyBanners
from services.notification.usecases.numbering import Numbering
from services.notification.usecases.present import Present
from services.notification.usecases.queue_book import QueueBook
from services.notification.usecases.send_emails import SendEmails
from services.notification.usecases.send_pushes import SendPushes
from services.notification.usecases.tell_step import TellSteps
from services.notification.usecases.try_ways import TryWays
from shared.sealing.keys import SecretKeys
from shared.storage.mongo import Client, Database
from shared.web.access import AccessBook


@dataclass(frozen=True, slots=True)
class Mail:
    """How emails go out."""

    server: SmtpAddress | None
    sender: str
    origin: str
    """What their links begin with."""


class Alerting:
    """The parts. `begin` and `end` of `alert` belong into the transactions of intake and acknowledgement."""

    def __init__(
        self,
        client: Client,
        owned: Database,
        *,
        access: AccessBook,
        queues: Queues,
        book: QueueBook,
        live: Live,
        hub: Hub,
        numbering: Numbering,
        keys: SecretKeys,
        mail: Mail,
        push: PushSender,
    ) -> None:
        self.clock = clock = clock_of(owned)
        self.push, self.queue = push, book.one
        self.agents = Agents(owned)
        self.subscriptions = Subscriptions(owned, keys)
        self.push_key = PushKey(owned, keys)
        self.presence = Presence(owned, clock, replica=secrets.token_hex(6))
        self.emails = Emails(owned, clock)
        self.timers = Timers(owned, clock)
        self.steps = Steps(owned)
        pushes, banners = Pushes(owned, clock), Banners(owned)
        circles = Circles(access, self.agents, self.subscriptions, self.presence)
        tell = TellSteps(emails=self.emails, pushes=pushes, banners=banners, steps=self.steps)
        self.alert = Alert(timers=self.timers, circles=circles, tell=tell, steps=self.steps)
        self.my_banners = MyBanners(banners, access, book.one)
        self.send_emails = SendEmails(
            emails=self.emails, agents=self.agents, access=access, queue=book.one, clock=clock,
            server=mail.server, sender=mail.sender, origin=mail.origin,
        )  # fmt: skip
        self.send_pushes = SendPushes(
            pushes=pushes, subscriptions=self.subscriptions, key=self.push_key, sender=push, access=access,
            queue=book.one, clock=clock,
        )  # fmt: skip
        self.escalate = Escalate(
            client=client, clock=clock, timers=self.timers, queues=queues, circles=circles, tell=tell, live=live,
            requests=Requests(owned),
            numbering=numbering.soon, told=self.told,
        )  # fmt: skip
        self.try_ways = TryWays(
            clock=clock, live=live, presence=self.presence, emails=self.emails, send_emails=self.send_emails,
            send_pushes=self.send_pushes, numbering=numbering.now,
        )  # fmt: skip
        self._present = Present(self.presence, hub.users, hub.changed)

    def told(self) -> None:
        """Emails and pushes may wait: call it after a transaction that began or went on with an escalation."""
        self.send_emails.kick()
        self.send_pushes.kick()

    @property
    def work(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """What runs in the background of each process, by name."""
        return {
            "presence": self._present.run,
            "escalation": self.escalate.run,
            "emails": self.send_emails.run,
            "pushes": self.send_pushes.run,
        }
