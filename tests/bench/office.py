"""Queues with many agents who listen: one ingest, several processes of notification, and visitors who leave forms."""

import asyncio
import json
import secrets
import sys
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from services.ingest.channels.contract import Account
from services.ingest.channels.widget.tokens import DEVICE_KEY, new_device, token_of
from services.ingest.store.migrate import migrate as migrate_ingest
from services.notification.domain.request import request_id
from services.notification.store.migrate import migrate as migrate_notification
from shared.contracts import topics
from shared.contracts.accounts import ConnectionStateV1, UserStateV1
from shared.messaging.publisher import Publisher
from shared.sealing.keys import SecretKeys
from shared.settings import KithSettings
from tests.bench.accept import UNLIMITED
from tests.bench.accounts import PATIENCE_SECONDS, SECRET_KEY
from tests.bench.agents import LONGEST_LINE, Heard, Listening, Wait
from tests.bench.requests import ORIGIN
from tests.bench.stage import STARTS_WITHIN_SECONDS, Running, environment, free_port, running, stage, until_ready
from tests.notification.signing import SignsIn

LIVE = "/api/notification/live"
WORKSPACE, ELSEWHERE = "ws_office", "ws_elsewhere"
NEVER_ESCALATES = 86_400
AGAIN_AFTER_SECONDS = 0.5
_LIFE = timedelta(hours=2)
_KEY = {DEVICE_KEY: "0123456789abcdef0123456789abcdef"}


@dataclass(frozen=True, slots=True)
class Left:
    """A form that was taken: the request that it becomes, and when it was sent and answered."""

    request_id: str
    queue_id: str
    sent: float
    answered: float


class Site:
    """A website that feeds one queue."""

    def __init__(self, number: int) -> None:
        self.key = f"wk_office_{number}"
        self.account = Account(WORKSPACE, f"con_office_{number}", "widget", _KEY, self.key)
        self.queue_id = ""

    def state(self, keys: SecretKeys) -> ConnectionStateV1:
        sealed = {name: keys.seal(WORKSPACE, f"connection.{name}", secret) for name, secret in _KEY.items()}
        return ConnectionStateV1(
            id=self.account.connection_id, time=datetime.now(UTC), workspace_id=WORKSPACE, rev=1, channel="widget",
            name=self.key, account_id=self.key, sealed_secrets=sealed, settings={"origins": [ORIGIN]},
        )  # fmt: skip


class Listeners:
    """The process of agents."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._asked, self._told = process.stdin, process.stdout

    async def ask(self, what: Mapping[str, Any]) -> Any:
        self._asked.write(json.dumps(what).encode() + b"\n")
        return json.loads(await self._told.readline())

    async def heard(self, lines: int, seconds: float) -> Heard:
        """Give what was heard since this was last asked, once it is so many lines, or the time is over."""
        return Heard(**await self.ask(asdict(Wait(lines, seconds))))


@asynccontextmanager
async def listening(ports: Sequence[int], agents: Sequence[Listening]) -> AsyncGenerator[Listeners]:
    """Have agents listen, all of them before the block begins."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.agents"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE,
    )
    listeners = Listeners(process)
    try:
        await listeners.ask({"ports": list(ports), "agents": [asdict(one) for one in agents]})
        yield listeners
    finally:
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()


class Office:
    """What runs, and what is done to it."""

    def __init__(self, settings: KithSettings, session: aiohttp.ClientSession, ingest: Running) -> None:
        self.settings = settings
        self.session = session
        self.ingest = ingest
        self.replicas: list[Running] = []
        self.sites: list[Site] = []
        self.agents: list[Listening] = []
        self.each = 0
        self.sent_again = 0
        """How often a form was sent again, because it could not be stored just then."""
        self.spent = 0.0
        """Processor seconds of replicas that are gone."""

    @property
    def ports(self) -> list[int]:
        return [replica.port for replica in self.replicas]

    def processor_seconds(self) -> float:
        """Return what ingest and notification have taken."""
        return sum(one.processor_seconds() for one in (self.ingest, *self.replicas)) + self.spent

    async def start_replica(self, port: int) -> Running:
        env = environment(self.settings, KITH_NOTIFICATION_PORT=str(port), KITH_HEARTBEAT_INTERVAL_MS="500")
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "services.notification", env=env)
        found = Running(process, port)
        await until_ready(process, f"http://127.0.0.1:{port}/health/ready")
        return found

    async def kill(self, number: int) -> None:
        """End a replica as `kill -9` does, and start it again at its port; returns when it is ready."""
        gone = self.replicas[number]
        self.spent += gone.processor_seconds()
        gone.process.kill()
        await gone.process.wait()
        self.replicas[number] = await self.start_replica(gone.port)

    async def open(self, signs_in: SignsIn, admin: UserStateV1, members: Sequence[Sequence[UserStateV1]]) -> None:
        """Make each site's queue, and wait until ingest knows them all."""
        headers = {"Authorization": f"Bearer {signs_in.token(admin, _LIFE)}"}
        for site, users in zip(self.sites, members, strict=True):
            wanted = {
                "name": site.key,
                "time_zone": "Europe/Oslo",
                "connection_ids": [site.account.connection_id],
                "members": [user.id for user in users],
                "escalate_after_seconds": NEVER_ESCALATES,
            }
            address = f"http://127.0.0.1:{self.ports[0]}/api/notification/queues"
            async with self.session.post(address, json=wanted, headers=headers) as answer:
                if answer.status != 201:
                    raise RuntimeError(await answer.text())
                site.queue_id = (await answer.json())["id"]
            self.agents += [Listening(site.queue_id, signs_in.token(user, _LIFE), LIVE) for user in users]
        for site in self.sites:
            await self._until_known(site)

    async def _until_known(self, site: Site) -> None:
        address = f"http://127.0.0.1:{self.ingest.port}/widget/{site.key}/state"
        async with asyncio.timeout(STARTS_WITHIN_SECONDS):
            while True:
                async with self.session.get(address, headers={"Origin": ORIGIN}) as answer:
                    if answer.status == 200 and (await answer.json())["queue"]:
                        return
                await asyncio.sleep(0.1)

    async def leave(self, number: int) -> Left:
        """Leave a form at the widget's door, as the visitor's browser does."""
        site = self.sites[number % len(self.sites)]
        device, event_id = new_device(), f"ev_{secrets.token_hex(12)}"
        headers = {"Authorization": f"Bearer {token_of(site.account, device)}", "Origin": ORIGIN}
        answers = {"name": "Nora Example", "email": "nora@example.com", "message": "Is the blue one still there?"}
        told = {"event_id": event_id, "type": "form", "payload": {"language": "en", "answers": answers}}
        sent = time.monotonic()
        address = f"http://127.0.0.1:{self.ingest.port}/widget/{site.key}/events"
        while not await self._is_taken(address, told, headers):
            self.sent_again += 1
            await asyncio.sleep(AGAIN_AFTER_SECONDS)
        form_id = f"{site.account.connection_id}/{device}/{event_id}/form"
        return Left(request_id(WORKSPACE, form_id), site.queue_id, sent, time.monotonic())

    async def _is_taken(self, address: str, told: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
        """Tell whether a form was taken; False where it is to be sent again, with its own id, a little later."""
        async with self.session.post(address, json=told, headers=headers) as answer:
            if answer.status not in {200, 503}:
                raise RuntimeError(await answer.text())
            await answer.read()
            return answer.status == 200

    async def warm(self, listeners: Listeners) -> None:
        """Leave a form in each queue until all agents are told: from then on, everybody knows whom to tell."""
        async with asyncio.timeout(STARTS_WITHIN_SECONDS):
            while True:
                await asyncio.gather(*(self.leave(number) for number in range(len(self.sites))))
                wanted = self.each * len(self.sites)
                if (await listeners.heard(wanted, 10)).lines == wanted:
                    return


@asynccontextmanager
async def an_office(*, replicas: int, queues: int, each: int) -> AsyncGenerator[Office]:
    """Start everything: so many processes of notification, queues, and agents in each."""
    signs_in, keys = SignsIn(), SecretKeys(SECRET_KEY)
    sites = [Site(number) for number in range(queues)]
    admin = signs_in.user(WORKSPACE, id="user_admin", role="admin")
    members = [[signs_in.user(WORKSPACE, id=f"user_{queue}_{one}") for one in range(each)] for queue in range(queues)]
    stranger = signs_in.user(ELSEWHERE, id="user_elsewhere", role="admin")
    connections = aiohttp.TCPConnector(limit=0)
    async with stage() as settings, aiohttp.ClientSession(connector=connections) as session:
        await asyncio.gather(migrate_ingest(settings), migrate_notification(settings))
        publisher = Publisher(settings, "bench", patience_seconds=PATIENCE_SECONDS)
        await publisher.start()
        await publisher.publish(topics.CONNECTION, [site.state(keys) for site in sites])
        users = [admin, stranger, *(user for some in members for user in some)]
        await publisher.publish(topics.ACCESS, [signs_in.key, *users])
        await publisher.stop()
        port = free_port()
        env = environment(settings, KITH_INGEST_PORT=str(port), **UNLIMITED)
        async with running("services.ingest", port=port, env=env, ready="/health/ready") as ingest:
            office = Office(settings, session, ingest)
            office.sites, office.each = sites, each
            try:
                for _ in range(replicas):
                    office.replicas.append(await office.start_replica(free_port()))
                await office.open(signs_in, admin, members)
                office.agents.append(Listening("", signs_in.token(stranger, _LIFE), LIVE))
                yield office
            finally:
                await _end(office.replicas)


async def _end(replicas: Sequence[Running]) -> None:
    for replica in replicas:
        if replica.process.returncode is None:
            replica.process.terminate()
    await asyncio.gather(*(replica.process.wait() for replica in replicas))
