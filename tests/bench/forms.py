"""From a form to every agent of its queue, beside a bare process that hands the same bytes to the same streams.

Forms are left at the widget's door, one request each, as visitors' browsers do. What is measured is the time from its
200 to each agent's line, and from the request's beginning, so that the floor can be compared.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.agents import Listening
from tests.bench.office import Left, Listeners, Office, an_office, listening
from tests.bench.report import percentile
from tests.bench.stage import environment, free_port, running

REPLICAS, QUEUES, EACH = 3, 20, 25
FULL = 50.0
"""Forms a second."""
SECONDS = 60.0
FLOOD, FLOOD_CONNECTIONS = 600, 32
DRAINED_WITHIN_SECONDS = 120.0
GOAL_MS = 300
FORM_BYTES = {"answers": {"name": "Nora Example", "email": "nora@example.com", "message": "Is the blue one there?"}}

Leave = Callable[[int], Coroutine[Any, Any, Left]]


@dataclass(frozen=True, slots=True)
class _Told:
    """How long lines took, in seconds, from the answer and from the request; and the processor time of a form."""

    since_answered: Sequence[float]
    since_sent: Sequence[float]
    cost: float


async def run(*, rounds: int, seconds: float = SECONDS) -> list[str]:  # noqa: ARG001 - two loads, not rounds
    """Print the figures. A line that is missing, or comes twice, is an error."""
    print(f"\nforms: {REPLICAS} processes of notification, {QUEUES} queues with {EACH} agents each, all listening")
    async with an_office(replicas=REPLICAS, queues=QUEUES, each=EACH) as office:
        port = free_port()
        env = environment(office.settings)
        async with (
            running("tests.bench.fan", str(port), port=port, env=env, ready="/ready") as floor,
            listening(office.ports, office.agents) as agents,
        ):
            await office.warm(agents)
            print(f"  as fast as they are taken: {await _sustained(office, agents):,.0f} forms a second")
            for rate in (FULL / 2, FULL):
                kith = await _at(rate, seconds, office.leave, agents, office.processor_seconds)
                bare_agents = [
                    Listening(one.queue_id, "", f"/live/{one.queue_id}") for one in office.agents if one.queue_id
                ]
                async with listening([port], bare_agents) as listeners:
                    bare = await _at(rate, seconds, _bare(office, port), listeners, floor.processor_seconds)
                _report(rate, seconds, kith, bare)
            if office.sent_again:
                print(f"    {office.sent_again} times a form had to be sent again: its broker was too slow")
    return []


async def _sustained(office: Office, agents: Listeners) -> float:
    numbers = iter(range(FLOOD))
    began = time.monotonic()

    async def write() -> None:
        for number in numbers:
            await office.leave(number)

    await asyncio.gather(*(write() for _ in range(FLOOD_CONNECTIONS)))
    heard = await agents.heard(FLOOD * EACH, DRAINED_WITHIN_SECONDS)
    if heard.lines != FLOOD * EACH:
        raise RuntimeError(f"{heard.lines} of {FLOOD * EACH} lines came")
    return FLOOD / (max(max(at) for at in heard.at.values()) - began)


def _bare(office: Office, port: int) -> Leave:
    async def leave(number: int) -> Left:
        queue_id, id_ = office.sites[number % QUEUES].queue_id, f"rq_{number:024x}"
        sent = time.monotonic()
        address = f"http://127.0.0.1:{port}/say/{queue_id}/{id_}"
        async with office.session.post(address, json=FORM_BYTES) as answer:
            await answer.read()
        return Left(id_, queue_id, sent, time.monotonic())

    return leave


async def _at(
    rate: float, seconds: float, leave: Leave, agents: Listeners, processor_seconds: Callable[[], float]
) -> _Told:
    """Leave forms at a rate; every agent of a form's queue has to be told once."""
    began, spent = time.monotonic(), processor_seconds()
    tasks: list[asyncio.Task[Left]] = []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
        tasks.append(asyncio.create_task(leave(number)))
    left = await asyncio.gather(*tasks)
    heard = await agents.heard(len(left) * EACH, DRAINED_WITHIN_SECONDS)
    told = {id_: len(at) for id_, at in heard.at.items()}
    if told != {one.request_id: EACH for one in left} or heard.twice or heard.strays or heard.resets:
        raise RuntimeError(f"{heard.lines} of {len(left) * EACH} lines, {heard.twice} twice, {heard.strays} strays")
    return _Told(
        [at - one.answered for one in left for at in heard.at[one.request_id]],
        [at - one.sent for one in left for at in heard.at[one.request_id]],
        (processor_seconds() - spent) / len(left),
    )


def _report(rate: float, seconds: float, kith: _Told, bare: _Told) -> None:
    print(f"  {rate:,.0f} forms a second for {seconds:,.0f} s, {rate * EACH:,.0f} lines a second")
    for name, told in (("Kith", kith), ("floor", bare)):
        print(
            f"    {name}: from the answer p50 {_ms(told.since_answered, 0.5)}, p99 {_ms(told.since_answered, 0.99)}; "
            f"from the request p50 {_ms(told.since_sent, 0.5)}, p99 {_ms(told.since_sent, 0.99)}; "
            f"{told.cost * 1000:,.1f} ms of processor time a form"
        )
    p50, p99 = (percentile(kith.since_sent, share) / percentile(bare.since_sent, share) for share in (0.5, 0.99))
    goal = f"; goal p99 {GOAL_MS} ms from the answer" if rate < FULL else ""
    print(f"    of the floor's, from the request: p50 {p50:,.1f} times, p99 {p99:,.1f} times{goal}")


def _ms(values: Sequence[float], share: float) -> str:
    return f"{percentile(values, share) * 1000:,.0f} ms"
