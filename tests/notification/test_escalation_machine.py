"""Every form is seen, or has reached the last step in time: whatever people, processes and clocks do meanwhile.

The stores and use cases are the real ones on the real database; the clock is set by hand, and processes are killed
between any two of their steps.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Generator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from services.notification.channels.smtp.address import read_smtp_url
from services.notification.domain.escalation import latest
from services.notification.domain.queue import QueueDraft, new_queue
from services.notification.domain.ways import QueueWays, QuietHours, Wishes
from services.notification.settings import NotificationSettings
from services.notification.store.agents import Agent, Agents
from services.notification.store.banners import Banners
from services.notification.store.emails import Emails
from services.notification.store.live import Live
from services.notification.store.migrate import make_indexes
from services.notification.store.presence import Presence
from services.notification.store.queues import Queues
from services.notification.store.requests import Requests
from services.notification.store.steps import Steps
from services.notification.store.subscriptions import Browser, Pushes, Subscriptions
from services.notification.store.timers import Timers
from services.notification.usecases.alert import Alert
from services.notification.usecases.attention import NewForm
from services.notification.usecases.circles import Circles
from services.notification.usecases.escalate import Escalate, pace_of
from services.notification.usecases.send_emails import SendEmails
from services.notification.usecases.tell_step import TellSteps
from shared.contracts.accounts import UserStateV1
from shared.contracts.queues import QueueStateV1
from shared.sealing.keys import SecretKeys
from shared.storage.mongo import connect, database
from shared.storage.transactions import in_transaction
from shared.web.access import AccessBook
from tests import servers
from tests.notification.mail import MailServer

MEMBERS = [f"user_{n}" for n in range(3)]
AFTER = 60
LOOKS_EVERY = 30
START = datetime(2026, 3, 28, 22, tzinfo=UTC)


class KilledError(BaseException):
    """The process is no more."""


class Dying:
    """Runs a coroutine, and kills it after so many of its waits; what it asked of the database may still happen."""

    def __init__(self, work: Coroutine[Any, Any, Any], waits: int) -> None:
        self._work = work
        self._waits = waits

    def __await__(self) -> Generator[Any, Any, Any]:
        inner = self._work.__await__()
        failed: BaseException | None = None
        waited = 0
        try:
            while True:
                if waited == self._waits:
                    failed = KilledError()  # an open transaction is then ended, as the server does by itself
                waited_for = next(inner) if failed is None else inner.throw(failed)
                waited, failed = waited + 1, None
                try:
                    yield waited_for
                except Exception as error:  # noqa: BLE001 - what was waited for failed
                    failed = error
        except (KilledError, StopIteration):
            return None


class House:
    """One workspace of the real thing, and as many processes as one likes."""

    def __init__(self, uri: str) -> None:
        self.now = START
        given = NotificationSettings.model_validate({"mongo": uri, "database_prefix": f"t{secrets.token_hex(4)}"})
        self.client = connect(given)
        self.owned = database(self.client, given, "notification")
        self.workspace = ""
        self.access = AccessBook()
        owned, clock = self.owned, self.clock
        keys = SecretKeys("1:" + "A" * 43)
        self.agents, self.subscriptions = Agents(owned), Subscriptions(owned, keys)
        self.presence = Presence(owned, clock, "one")
        self.emails, self.steps, self.queues, self.live = (
            Emails(owned, clock),
            Steps(owned),
            Queues(owned),
            Live(self.client, owned),
        )
        self.requests = Requests(owned)
        self.timers, self.banners, self.pushes = Timers(owned, clock), Banners(owned), Pushes(owned, clock)
        self.circles = Circles(self.access, self.agents, self.subscriptions, self.presence)
        self.tell = TellSteps(emails=self.emails, pushes=self.pushes, banners=self.banners, steps=self.steps)
        self.alert = Alert(timers=self.timers, circles=self.circles, tell=self.tell, steps=self.steps)

        self.mail = MailServer()

    def mail_process(self) -> SendEmails:
        return SendEmails(
            emails=self.emails, agents=self.agents, access=self.access, queue=lambda _w, _q: None, clock=self.clock,
            server=read_smtp_url(self.mail.url), sender="kith@sandbox.example", origin="https://kith.example",
        )  # fmt: skip

    async def emails_under_way(self) -> int:
        return await self.owned["emails"].count_documents({"status": "sending"})

    async def change_queue(self, **state: Any) -> None:
        changed = QueueStateV1.model_validate({**self.queue.state.model_dump(), **state})
        self.queue = replace(self.queue, state=changed)
        told = changed.model_dump(mode="json")
        await self.owned["queues"].update_one(
            {"_id": self.queue.id}, {"$set": {"state": told, "active": changed.active}}
        )

    async def clock(self) -> datetime:
        return self.now

    def process(self) -> Escalate:
        return Escalate(
            client=self.client, clock=self.clock, timers=self.timers, queues=self.queues, circles=self.circles,
            tell=self.tell, live=self.live, requests=self.requests, numbering=lambda _w: None, told=lambda: None,
        )  # fmt: skip

    async def begin(self) -> None:
        """Begin in a workspace of its own."""
        for name in ("timers", "emails", "pushes", "banners"):
            await self.owned[name].delete_many({})
        await self.mail.close()
        self.mail.fails()
        self.mail.taken.clear()
        await self.mail.open()
        self.now = START
        self.workspace = f"ws_{secrets.token_hex(6)}"
        for user in MEMBERS:
            self.know(user)
        await self.agents.save(self.workspace, self.id_of(MEMBERS[0]), Agent(Wishes(email=True)))
        self.know("admin", role="admin")
        draft = QueueDraft("Support", "UTC", members=tuple(MEMBERS), escalate_after_seconds=AFTER, colleagues_asked=2)
        self.queue = new_queue(f"qu_{self.workspace}", self.workspace, f"fk_{self.workspace}", draft, self.now)

        async def add(session: Any) -> None:
            await self.queues.add(self.queue, session)

        await in_transaction(self.client, add)

    def id_of(self, name: str) -> str:
        return f"{name}_{self.workspace}"

    def know(self, name: str, *, role: str = "agent", active: bool = True, rev: int = 1) -> None:
        self.access.take(
            UserStateV1.model_validate(
                {
                    "id": self.id_of(name), "time": START, "workspace_id": self.workspace, "rev": rev, "name": name,
                    "email": "a@example.com", "role": role, "active": active, "tokens_from": START,
                }
            )
        )  # fmt: skip


@dataclass
class Form:
    at: datetime
    seen: bool = False
    said_before: int = 0


class Escalation(RuleBasedStateMachine):
    """People, processes and clocks, in any order."""

    house: House
    run: Callable[[Awaitable[Any]], Any]

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, Form] = {}
        self.leads: set[str] = {"admin"}
        """Whoever was the lead at some time."""
        self.rev = 1
        self.disturbed = timedelta(0)
        """By how much killed processes and clocks that went back may have delayed things."""

    @initialize()
    def _begin(self) -> None:
        self.run(self.house.begin())
        # the queue's members by their ids in this workspace
        self.run(self.house.change_queue(members=[self.house.id_of(name) for name in MEMBERS]))
        self._take(2)  # without any there would be nothing to see

    @rule(count=st.integers(1, 3))
    def forms_come_in(self, count: int) -> None:
        self._take(count)

    def _take(self, count: int) -> None:
        house = self.house
        ids = [f"rq_{secrets.token_hex(12)}" for _ in range(count)]

        async def take() -> None:
            ready = await house.alert.prepare(house.workspace, {house.queue.id: house.queue}, house.now)
            forms = [NewForm(id_, house.queue.id, house.now) for id_ in ids]
            await in_transaction(house.client, lambda session: house.alert.begin(ready, forms, session))

        self.run(take())
        self.forms |= {id_: Form(house.now) for id_ in ids}

    @rule(which=st.integers(0, 20))
    def somebody_looks(self, which: int) -> None:
        house = self.house
        unseen = [id_ for id_, form in self.forms.items() if not form.seen]
        if not unseen:
            return
        id_ = unseen[which % len(unseen)]

        async def see() -> int:
            await in_transaction(
                house.client, lambda session: house.alert.end(house.workspace, [id_], house.now, session)
            )
            emails = await house.emails.of_request(house.workspace, id_)
            assert "queued" not in {email.status for email in emails}, "an email still waits though it was seen"
            return len(await house.steps.of(house.workspace, id_))

        self.forms[id_].seen, self.forms[id_].said_before = True, self.run(see())

    @rule(seconds=st.sampled_from([1, 20, 31, 61, 200]))
    def time_goes_by(self, seconds: int) -> None:
        """Let a healthy process look now and then."""
        until = self.house.now + timedelta(seconds=seconds)
        while self.house.now < until:
            self.house.now = min(until, self.house.now + timedelta(seconds=LOOKS_EVERY))
            self.run(self._look())

    async def _look(self) -> None:
        house = self.house
        await house.timers.mend()
        while await house.process().once():
            pass
        await house.emails.mend()
        await house.emails.settle()
        while await house.mail_process().once():
            pass

    @rule(seconds=st.sampled_from([5, 61, 400]))
    def nobody_runs_for_a_while(self, seconds: int) -> None:
        self.house.now += timedelta(seconds=seconds)
        self.disturbed += timedelta(seconds=seconds)

    @rule(waits=st.integers(0, 40))
    def a_process_is_killed(self, waits: int) -> None:
        async def die() -> None:
            await Dying(self.house.process().once(), waits)
            await asyncio.sleep(0.02)  # what it asked for last may still be under way

        self.run(die())
        self.disturbed += timedelta(seconds=50)

    @rule(waits=st.integers(0, 30))
    def a_process_is_killed_while_it_sends_emails(self, waits: int) -> None:
        async def die() -> None:
            await Dying(self.house.mail_process().once(), waits)
            await asyncio.sleep(0.02)

        self.run(die())

    @rule(away=st.booleans())
    def the_mail_server_goes_or_comes(self, *, away: bool) -> None:
        async def change() -> None:
            await self.house.mail.close()
            if not away:
                await self.house.mail.open()

        self.run(change())

    @rule(fault=st.sampled_from([{}, {"at": "recipient", "code": 450}, {"at": "end", "code": 452}]))
    def the_mail_server_refuses_for_now(self, fault: dict[str, Any]) -> None:
        self.house.mail.fails(**({"kind": "refuse", **fault} if fault else {}))

    @rule(
        active=st.booleans(),
        closed=st.booleans(),
        members=st.sets(st.sampled_from(MEMBERS)),
        lead=st.sampled_from([None, *MEMBERS]),
    )
    def the_queue_changes(self, *, active: bool, closed: bool, members: set[str], lead: str | None) -> None:
        """Switch it off by hand, delete it, or give it other members and another lead."""
        house = self.house
        self.leads |= {lead} if lead else set()
        self.run(
            house.change_queue(
                active=active,
                override={"opened": not closed},
                members=[house.id_of(name) for name in sorted(members)],
                lead=house.id_of(lead) if lead else None,
            )
        )

    @rule()
    def two_processes_at_once(self) -> None:
        async def both() -> None:
            await asyncio.gather(self.house.process().once(), self.house.process().once())

        self.run(both())

    @rule(seconds=st.sampled_from([-3600, -40, 90]))
    def the_clock_jumps(self, seconds: int) -> None:
        self.house.now += timedelta(seconds=seconds)
        self.disturbed += timedelta(seconds=max(0, -seconds)) + timedelta(seconds=120)
        for form in self.forms.values():
            form.at = min(form.at, self.house.now)
        self.run(self.house.timers.mend())

    @rule(
        who=st.sampled_from(MEMBERS),
        email=st.booleans(),
        push=st.booleans(),
        off=st.booleans(),
        quiet=st.booleans(),
    )
    def somebody_changes_their_mind(self, who: str, *, email: bool, push: bool, off: bool, quiet: bool) -> None:
        house = self.house
        queues = {house.queue.id: QueueWays(off=off)}
        hours = QuietHours(on=quiet, begins="22:00", ends="07:00", time_zone="Europe/Oslo")
        agent = Agent(Wishes(email=email, push=push, quiet_hours=hours, queues=queues))
        self.run(house.agents.save(house.workspace, house.id_of(who), agent))

    @rule(who=st.sampled_from(MEMBERS), comes=st.booleans(), browser=st.booleans())
    def somebody_comes_or_goes(self, who: str, *, comes: bool, browser: bool) -> None:
        house, user = self.house, self.house.id_of(who)
        self.run((house.presence.come if comes else house.presence.go)([(house.workspace, user)]))
        if browser:
            self.run(house.subscriptions.put(house.workspace, user, Browser(f"https://push.example/{user}", "k", "a")))

    @rule(who=st.sampled_from(MEMBERS), active=st.booleans())
    def somebody_leaves_the_company(self, who: str, *, active: bool) -> None:
        self.rev += 1
        self.house.know(who, active=active, rev=self.rev)

    def teardown(self) -> None:
        if not self.forms:
            return
        house, pace = self.house, pace_of(self.house.queue)
        self.the_mail_server_refuses_for_now(fault={})
        self.the_mail_server_goes_or_comes(away=False)
        while self.run(house.owned["timers"].count_documents({"workspace_id": house.workspace})):
            self.time_goes_by(LOOKS_EVERY)
            assert house.now < START + timedelta(days=2), "a form was forgotten"
        while self.run(house.emails.waiting())[0] or self.run(house.emails_under_way()):
            self.time_goes_by(LOOKS_EVERY)
            assert house.now < START + timedelta(days=2), "an email was forgotten"
        taken = Counter(message["Message-ID"].partition("@")[0].lstrip("<") for message in house.mail.messages)
        assert not [id_ for id_, times in taken.items() if times > 1], "an email went out twice"
        banners = {row["_id"] for row in self.run(house.owned["banners"].find({}).to_list(1000))}
        for id_, form in self.forms.items():
            steps = self.run(house.steps.of(house.workspace, id_))
            kinds = [step["kind"] for step in steps]
            whole = ["intake", "push", "email", "colleague", "colleague", "lead"]
            assert kinds == whole[: len(kinds)], "a step was left out, or done twice"
            emails = self.run(house.emails.of_request(house.workspace, id_))
            assert len({email.user_id for email in emails}) == len(emails)
            for email in emails:
                assert email.status in {"sent", "dropped", "unknown"}
                assert taken[email.id] == 1 or email.status != "sent"
                assert taken[email.id] == 0 or email.status != "dropped"
            if form.seen:
                assert len(steps) == form.said_before, "something went out after it was seen"
                assert id_ not in banners
                assert not [email for email in emails if email.status == "queued"]
                assert not self.run(house.owned["pushes"].count_documents({"request_id": id_}))
            else:
                assert kinds == whole, "nobody looked, and the last step was not reached"
                assert id_ in banners
                by = steps[-1]["reached"]
                assert {one["user_id"] for one in by} <= {house.id_of(name) for name in self.leads}
                assert len(by) == 1
                assert steps[-1]["at"] <= latest(form.at, pace) + timedelta(seconds=120) + self.disturbed, "too late"


@pytest.fixture(scope="module")
def house(mongo: servers.Mongo) -> Generator[tuple[House, Callable[[Awaitable[Any]], Any]]]:
    """Give the real thing, on a loop of its own: the machine's rules are no coroutines."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def run(work: Awaitable[Any]) -> Any:
        async def awaited() -> Any:
            return await work

        return asyncio.run_coroutine_threadsafe(awaited(), loop).result(60)

    async def make() -> House:
        made = House(mongo.uri)
        await make_indexes(made.owned)
        return made

    made = run(make())
    yield made, run
    made.client.close()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def _play(house: tuple[House, Callable[[Awaitable[Any]], Any]], examples: int, steps: int) -> None:
    the_house, runs = house

    class Here(Escalation):
        house = the_house

        def __init__(self) -> None:
            self.run = runs
            super().__init__()

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
            phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a smaller example is not worth the minutes
        ),
    )


def test_every_form_is_seen_or_reaches_the_last_step_in_time(
    house: tuple[House, Callable[[Awaitable[Any]], Any]],
) -> None:
    _play(house, examples=25, steps=15)


@pytest.mark.slow
def test_every_form_is_seen_or_reaches_the_last_step_in_time_for_long(
    house: tuple[House, Callable[[Awaitable[Any]], Any]],
) -> None:
    _play(house, examples=400, steps=40)
