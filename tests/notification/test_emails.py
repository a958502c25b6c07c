"""Emails to agents: each at most once, whatever the mail server does, and none forgotten."""

import asyncio
import secrets
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from services.notification.channels.smtp import line
from services.notification.channels.smtp.address import SmtpUrlError, read_smtp_url
from services.notification.domain.emails import RecipientError, address_of, write_email
from services.notification.store.agents import Agent, Agents
from services.notification.store.emails import Email, Emails, NewEmail
from services.notification.usecases.send_emails import SendEmails
from shared.contracts.accounts import UserStateV1
from shared.storage.mongo import Database
from shared.web.access import AccessBook
from tests.notification.mail import MailServer, mail_server


@dataclass
class Post:
    """One process's emails, on a clock that is set by hand, with users of a workspace of their own."""

    database: Database
    server: MailServer
    access: AccessBook = field(default_factory=AccessBook)
    workspace: str = field(default_factory=lambda: f"ws_{secrets.token_hex(6)}")
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def __post_init__(self) -> None:
        self.emails, self.agents = Emails(self.database, self.clock), Agents(self.database)

    async def clock(self) -> datetime:
        return self.now

    def user(self, name: str = "ada", **more: object) -> UserStateV1:
        given = {
            "id": f"user_{secrets.token_hex(6)}", "time": self.now, "workspace_id": self.workspace, "rev": 1,
            "email": f"{name}.{secrets.token_hex(4)}@example.com", "name": "Ada", "role": "agent", "active": True,
            "tokens_from": self.now,
        }  # fmt: skip
        user = UserStateV1.model_validate({**given, **more})
        self.access.take(user)
        return user

    async def add(self, *users: UserStateV1, why: str = "intake") -> str:
        """Queue an email for each, about a form of their own."""
        request_id = f"rq_{secrets.token_hex(12)}"
        new = [NewEmail(request_id, user.id, "qu_1", why) for user in users]
        await self.emails.add(self.workspace, new, self.now, None)
        return request_id

    async def one(self, request_id: str, user: UserStateV1) -> Email:
        found = await self.emails.one(self.workspace, request_id, user.id)
        assert found is not None
        return found

    def process(self, *, reachable: bool = True) -> SendEmails:
        """Start a process that sends."""
        return SendEmails(
            emails=self.emails, agents=self.agents, access=self.access, queue=lambda _w, _q: None, clock=self.clock,
            server=read_smtp_url(self.server.url if reachable else "smtp://127.0.0.1:9"),
            sender="kith@sandbox.example", origin="https://kith.example",
        )  # fmt: skip

    async def later(self, **more: float) -> None:
        self.now += timedelta(**more)


@pytest.fixture
async def post(own_database: Database) -> AsyncGenerator[Post]:
    await own_database["emails"].delete_many({})
    async with mail_server() as server:
        yield Post(own_database, server)


async def test_an_email_says_that_there_is_a_message_and_nothing_else(post: Post) -> None:
    ada = post.user()
    await post.agents.save(post.workspace, ada.id, Agent(language="de"))
    request_id = await post.add(ada)

    assert await post.process().once() == 1

    (message,) = post.server.to(ada.email)
    assert message["Subject"] == "In Kith wurde eine Nachricht hinterlassen"
    plain = message.get_body(("plain",))
    assert plain is not None
    assert f"https://kith.example/queues/log/{request_id}" in plain.get_content()
    assert (await post.one(request_id, ada)).status == "sent"
    assert await post.process().once() == 0
    assert len(post.server.taken) == 1


async def test_one_form_is_one_email_to_each_however_often_it_is_queued(post: Post) -> None:
    ada = post.user()
    request_id = await post.add(ada)
    await asyncio.gather(
        *(
            post.emails.add(post.workspace, [NewEmail(request_id, ada.id, "qu_1", why)], post.now, None)
            for why in ("email", "lead")
        )
    )
    processes = [post.process() for _ in range(3)]
    await asyncio.gather(*(process.once() for process in processes))
    await post.later(minutes=10)
    await asyncio.gather(*(process.once() for process in processes))

    assert len(post.server.to(ada.email)) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "refuse", "at": "hello", "code": 421},
        {"kind": "refuse", "at": "sender", "code": 550},
        {"kind": "refuse", "at": "recipient", "code": 450},
        {"kind": "refuse", "at": "text", "code": 451},
        {"kind": "refuse", "at": "end", "code": 452},
        {"kind": "drop", "at": "connect"},
        {"kind": "drop", "at": "recipient"},
        {"kind": "drop", "at": "text"},
    ],
    ids=lambda fault: "-".join(map(str, fault.values())),
)
async def test_what_took_nothing_is_tried_again_until_it_goes(post: Post, fault: dict[str, object]) -> None:
    ada, ben = post.user(), post.user("ben")
    request_id = await post.add(ada, ben)
    post.server.fails(**fault)

    await post.process().once()

    assert post.server.taken == []
    waits = await post.one(request_id, ada)
    assert waits.status == "queued"
    post.server.fails()
    await post.later(minutes=5)
    await post.process().once()
    assert [len(post.server.to(user.email)) for user in (ada, ben)] == [1, 1]
    assert (await post.one(request_id, ada)).status == "sent"


@pytest.mark.parametrize("at", ["recipient", "text", "end"])
async def test_a_refusal_for_ever_is_shown_and_stops_no_other(post: Post, at: str) -> None:
    ada, ben = post.user(), post.user("ben")
    request_id = await post.add(ada)
    other = await post.add(ben)
    post.server.fails(kind="refuse", at=at, code=550, recipient=ada.email)

    await post.process().once()
    await post.later(minutes=5)
    await post.process().once()

    refused = await post.one(request_id, ada)
    assert refused.status == "failed"
    assert "550" in (refused.reason or "")
    assert (await post.one(other, ben)).status == "sent"
    assert [one.id for one in await post.emails.troubles(post.workspace, 10, None)] == [refused.id]


@pytest.mark.parametrize("kept", [True, False])
async def test_a_reply_that_is_lost_after_the_text_is_never_followed_by_a_second(post: Post, kept: bool) -> None:  # noqa: FBT001 - a case
    ada = post.user()
    request_id = await post.add(ada)
    post.server.fails(kind="drop", at="end", kept=kept)

    await post.process().once()
    post.server.fails()
    for _ in range(3):
        await post.later(hours=1)
        await post.emails.settle()
        await post.process().once()

    assert len(post.server.taken) == int(kept)
    assert (await post.one(request_id, ada)).status == "unknown"


@pytest.mark.parametrize("at", ["connect", "hello", "sender", "recipient", "text", "end"])
async def test_a_server_that_answers_too_slowly_gets_each_email_at_most_once(
    post: Post, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    for patience in ("CONNECT_SECONDS", "COMMAND_SECONDS", "TEXT_SECONDS"):
        monkeypatch.setattr(line, patience, 0.3)
    ada = post.user()
    request_id = await post.add(ada)
    post.server.fails(kind="slow", at=at, seconds=1.0)

    await post.process().once()
    was = (await post.one(request_id, ada)).status
    post.server.fails()
    monkeypatch.undo()
    await asyncio.sleep(1.5)  # what the server was slow with comes to its end
    for _ in range(3):
        await post.later(minutes=10)
        await post.emails.settle()
        await post.process().once()

    ended = (await post.one(request_id, ada)).status
    assert (was, ended) == (("unknown", "unknown") if at == "end" else ("queued", "sent"))
    assert len(post.server.taken) == 1


async def test_a_server_that_is_away_for_ten_minutes_loses_nothing(post: Post) -> None:
    users = [post.user() for _ in range(5)]
    await post.server.close()
    requests = [await post.add(*users) for _ in range(3)]
    process = post.process()
    for _ in range(10):
        process.away_until = 0.0
        await process.once()
        await post.later(minutes=1)
    assert process.trouble is not None
    assert (await post.emails.waiting(post.workspace))[0] == 15

    await post.server.open()
    process.away_until = 0.0
    assert await process.once() == 15

    assert process.trouble is None
    assert [len(post.server.to(user.email)) for user in users] == [3] * 5
    assert {(await post.one(request, user)).status for request in requests for user in users} == {"sent"}


async def test_a_process_that_dies_before_the_text_leaves_it_to_another(post: Post) -> None:
    ada = post.user()
    request_id = await post.add(ada)
    (claimed,) = await post.emails.claim(10)

    assert await post.process().once() == 0
    await post.later(minutes=3)
    assert await post.process().once() == 1

    assert await post.emails.begin(claimed) is False
    assert len(post.server.taken) == 1
    assert (await post.one(request_id, ada)).status == "sent"


async def test_a_process_that_dies_after_the_text_had_begun_leaves_it_unknown(post: Post) -> None:
    ada = post.user()
    request_id = await post.add(ada)
    (claimed,) = await post.emails.claim(10)
    assert await post.emails.begin(claimed)

    await post.later(minutes=5)
    assert await post.emails.settle() == (1, 0)
    assert await post.process().once() == 0

    assert (await post.one(request_id, ada)).status == "unknown"
    await post.emails.end(claimed, "sent")
    assert (await post.one(request_id, ada)).status == "sent"  # a late answer settles it


async def test_without_a_server_for_a_day_it_is_given_up_and_said(post: Post) -> None:
    ada = post.user()
    request_id = await post.add(ada)
    await post.later(hours=23)
    assert await post.emails.settle() == (0, 0)
    await post.later(hours=2)
    assert await post.emails.settle() == (0, 1)

    failed = await post.one(request_id, ada)
    assert (failed.status, failed.reason) == ("failed", "given up after 24 hours: no mail server is set")


async def test_somebody_who_left_gets_none(post: Post) -> None:
    gone, marketer = post.user(active=False), post.user(role="marketer")
    request_id = await post.add(gone, marketer)

    await post.process().once()

    assert post.server.taken == []
    assert (await post.one(request_id, gone)).status == "dropped"
    assert (await post.one(request_id, marketer)).status == "dropped"


@pytest.mark.parametrize("language", ["en", "es", "de"])
@pytest.mark.parametrize("why", ["new", "unseen", "asked", "lead", "try"])
def test_a_name_cannot_write_a_header(language: str, why: str) -> None:
    message = write_email(
        id_="em_1", sender="kith@sandbox.example", to="ada@example.com", language=language, why=why,  # pyright: ignore[reportArgumentType]
        queue="Sales\r\nBcc: eve@example.com\r\n\r\n<script>\x00\u2028", link="https://kith.example/queues/log/rq_1",
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip

    raw = message.as_bytes()
    head, _, _ = raw.partition(b"\r\n\r\n")
    assert b"\r\nBcc:" not in head
    assert message["Bcc"] is None
    assert message["To"] == "ada@example.com"
    html = message.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()


@pytest.mark.parametrize("address", ["ada", "@example.com", "a\r\nb@example.com", "a b@example.com", "ä@example.com"])
def test_what_is_no_address_is_not_written_to(address: str) -> None:
    with pytest.raises(RecipientError):
        address_of(address)


def test_a_domain_is_written_in_ascii() -> None:
    assert address_of("ada@münchen.example") == "ada@xn--mnchen-3ya.example"


def test_a_password_goes_over_no_open_line() -> None:
    assert read_smtp_url("smtp://kith:s%40c@mail.example").starttls == "required"
    assert read_smtp_url("smtp://kith:s%40c@mail.example").password == "s@c"
    assert read_smtp_url("smtp://mail.example:25").starttls == "auto"
    assert read_smtp_url("smtps://mail.example").port == 465
    for bad in ("http://u:s3cret@x", "smtp://", "smtp://u:s3cret@x?starttls=perhaps", "smtp://u:s3cret@x:99999"):
        with pytest.raises(SmtpUrlError) as error:
            read_smtp_url(bad)
        assert "s3cret" not in str(error.value)
