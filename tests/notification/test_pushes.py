"""Pushes to browsers: sealed for the one browser, signed with our key, and never into a private network."""

import secrets
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from services.notification.channels.push.seal import pad, seal, unpad
from services.notification.channels.push.send import AddressError, PushSender, check_endpoint
from services.notification.store.push_key import PushKey
from services.notification.store.subscriptions import MOST_PER_USER, Browser, NewPush, Pushes, Subscriptions
from services.notification.usecases.send_pushes import SendPushes
from shared.contracts.accounts import UserStateV1
from shared.sealing.keys import SecretKeys
from shared.storage.mongo import Client, Database
from shared.storage.transactions import in_transaction
from shared.web.access import AccessBook
from tests.notification.push_service import PushService, TestBrowser, push_service

KEYS = SecretKeys("1:" + "A" * 43)


@dataclass
class House:
    """One process's pushes, on a clock that is set by hand."""

    client: Client
    database: Database
    service: PushService
    workspace: str = field(default_factory=lambda: f"ws_{secrets.token_hex(6)}")
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def __post_init__(self) -> None:
        self.pushes, self.key = Pushes(self.database, self.clock), PushKey(self.database, KEYS)
        self.subscriptions = Subscriptions(self.database, KEYS)
        self.access = AccessBook()
        self.sender = PushSender("mailto:kith@example.com", "loopback")
        self.send = SendPushes(
            pushes=self.pushes, subscriptions=self.subscriptions, key=self.key, sender=self.sender,
            access=self.access, queue=lambda _w, _q: None, clock=self.clock,
        )  # fmt: skip

    async def clock(self) -> datetime:
        return self.now

    async def user(self, *browsers: TestBrowser, **more: object) -> str:
        """Add somebody with browsers; the first's pushes go to /<user>/0, and so on."""
        id_ = f"user_{secrets.token_hex(6)}"
        given = {
            "id": id_, "time": self.now, "workspace_id": self.workspace, "rev": 1, "email": "a@example.com",
            "name": "Ada", "role": "agent", "active": True, "tokens_from": self.now,
        }  # fmt: skip
        self.access.take(UserStateV1.model_validate({**given, **more}))
        for number, browser in enumerate(browsers):
            found = browser.subscription(f"{self.service.origin}/{id_}/{number}")
            await self.subscriptions.put(self.workspace, id_, Browser(found["endpoint"], **found["keys"]))
        return id_

    async def add(self, *users: str) -> str:
        request_id = f"rq_{secrets.token_hex(12)}"
        new = [NewPush(request_id, user, "qu_1", "push-1") for user in users]
        await in_transaction(self.client, lambda session: self.pushes.add(self.workspace, new, self.now, session))
        return request_id


@pytest.fixture
async def house(own_client: Client, own_database: Database) -> AsyncGenerator[House]:
    await own_database["pushes"].delete_many({})
    async with push_service() as service:
        found = House(own_client, own_database, service)
        yield found
        await found.sender.close()


def test_it_is_the_encryption_of_rfc_8291() -> None:
    """The RFC's own example, section 5 and appendix A."""
    ours = ec.derive_private_key(int.from_bytes(unpad("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), ec.SECP256R1())
    sealed = seal(
        b"When I grow up, I want to be a watermelon",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
        ours=ours,
        salt=unpad("DGv6ra1nlYgDCS1FRnbzlw"),
    )

    assert pad(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
        "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


async def test_a_push_says_where_to_look_and_nothing_else(house: House) -> None:
    browser = TestBrowser()
    ada = await house.user(browser)
    request_id = await house.add(ada)

    assert await house.send.once() == 1

    (told,) = house.service.to(f"/{ada}/0", browser)
    assert told == {"kind": "request", "queue": "", "link": f"/queues/log/{request_id}", "tag": request_id}
    headers = house.service.taken[0][1]
    assert (headers["TTL"], headers["Urgency"], headers["Topic"]) == ("600", "high", request_id)
    claims = house.service.signed_by(pad(await house.key.public()))
    assert claims["sub"] == "mailto:kith@example.com"
    assert claims["exp"] - datetime.now(UTC).timestamp() < 24 * 3600
    assert await house.send.once() == 0


async def test_a_browser_that_is_gone_is_forgotten_and_the_other_is_told(house: House) -> None:
    gone, there = TestBrowser(), TestBrowser()
    ada = await house.user(gone, there)
    await house.add(ada)
    house.service.answers = [410]

    await house.send.once()

    assert len(await house.subscriptions.of(house.workspace, ada)) == 1
    assert len(house.service.taken) == 1


async def test_what_a_push_service_cannot_do_now_is_done_later_but_not_too_late(house: House) -> None:
    ada = await house.user(TestBrowser())
    await house.add(ada)
    house.service.answers = [503, 429]
    await house.send.once()
    house.now += timedelta(minutes=2)
    await house.send.once()
    house.now += timedelta(minutes=2)
    assert house.service.taken == []
    assert await house.send.once() == 1
    assert len(house.service.taken) == 1

    await house.add(ada)
    house.now += timedelta(minutes=11)
    assert await house.send.once() == 1
    assert len(house.service.taken) == 1  # by now it would help nobody


async def test_a_process_that_dies_leaves_it_to_another(house: House) -> None:
    ada = await house.user(TestBrowser())
    await house.add(ada)
    assert len(await house.pushes.claim(10)) == 1

    assert await house.send.once() == 0
    house.now += timedelta(minutes=2)
    assert await house.send.once() == 1
    assert len(house.service.taken) == 1


async def test_somebody_who_left_is_pushed_to_no_more(house: House) -> None:
    ada = await house.user(TestBrowser(), active=False)
    await house.add(ada)

    assert await house.send.once() == 1
    assert house.service.taken == []


async def test_a_browser_belongs_to_who_signed_in_there_last(house: House) -> None:
    browser = TestBrowser()
    ada = await house.user(browser)
    ben = await house.user()
    (at,) = await house.subscriptions.of(house.workspace, ada)

    await house.subscriptions.put(house.workspace, ben, at)

    assert await house.subscriptions.of(house.workspace, ada) == []
    assert await house.subscriptions.remove(house.workspace, ada, at.endpoint) is False
    assert await house.subscriptions.remove(house.workspace, ben, at.endpoint) is True


async def test_browsers_are_sealed_at_rest_and_bounded(house: House) -> None:
    ada = await house.user(*(TestBrowser() for _ in range(MOST_PER_USER + 2)))

    found = await house.subscriptions.of(house.workspace, ada)
    rows = await house.database["push_subscriptions"].find({"user_id": ada}).to_list(100)

    assert len(found) == MOST_PER_USER
    assert house.service.origin not in str(rows)


async def test_all_processes_sign_with_one_key(house: House) -> None:
    other = PushKey(house.database, KEYS)

    assert await other.public() == await house.key.public()
    row = await house.database["keys"].find_one({"_id": "vapid"})
    assert row is not None
    assert row["sealed"].startswith("k1.")


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example/x",
        "https://10.0.0.1/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest",
        "https://user:secret@push.example/x",
        "ftp://push.example",
        "nothing",
    ],
)
def test_nothing_is_pushed_into_a_private_network(endpoint: str) -> None:
    with pytest.raises(AddressError):
        check_endpoint(endpoint, "off")


async def test_a_name_that_leads_into_a_private_network_is_not_pushed_to(house: House) -> None:
    sender = PushSender("mailto:kith@example.com", "off")
    browser = TestBrowser().subscription("https://localhost:1/x")

    outcome = await sender.send(
        await house.key.private(), browser["endpoint"], **browser["keys"], plain=b"{}", topic="t", ttl=1
    )
    await sender.close()

    assert outcome.became == "gone"
