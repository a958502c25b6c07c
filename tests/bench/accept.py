"""Webhooks accepted: secret checked and durably acknowledged, beside a bare endpoint that only parses the body."""

from tests.bench.report import spread
from tests.bench.stage import CONNECTION, Running, connect_a_bot, environment, free_port, load, running, stage

SECONDS = 4.0
CONNECTIONS = 64
LEAST_RATIO = 1.0
GOAL_RATIO = 1.3


async def run(*, rounds: int) -> list[str]:
    """Print the figures; returns what is below its bound."""
    costs: dict[str, list[float]] = {"bare": [], "accept": []}
    rates: dict[str, list[float]] = {"bare": [], "accept": []}
    async with stage() as settings:
        await connect_a_bot(settings)
        bare_port, ingest_port = free_port(), free_port()
        env = environment(settings, KITH_INGEST_PORT=str(ingest_port), KITH_PARTS="web")
        async with (
            running("tests.bench.bare", str(bare_port), port=bare_port, env=env, ready="/ready") as bare,
            running("services.ingest", port=ingest_port, env=env, ready="/health/ready") as ingest,
        ):
            sides = {"bare": (bare, "/bare"), "accept": (ingest, f"/hooks/telegram/{CONNECTION}")}
            first = 1
            for number in range(rounds + 1):
                for name, (process, path) in sides.items():
                    cost, rate = await _one(process, path, first)
                    first += 1_000_000
                    if number:  # the first round warms up
                        costs[name].append(cost)
                        rates[name].append(rate)
    ratios = [bare / accept for bare, accept in zip(costs["bare"], costs["accept"], strict=True)]
    print("\naccept: webhooks, one core; cost is the server's own processor time")
    for name in sides:
        print(f"  {name:7} {spread(costs[name], 'µs a request', 1)}, on the wire {spread(rates[name], 'a second')}")
    print(f"  ratio of bare's cost to accept's: {spread(ratios, '', 2)}; goal {GOAL_RATIO}, at least {LEAST_RATIO}")
    median = sorted(ratios)[len(ratios) // 2]
    return [f"accept {median:.2f} of {LEAST_RATIO}"] if median < LEAST_RATIO else []


async def _one(process: Running, path: str, first: int) -> tuple[float, float]:
    """Return the cost of a request in µs of the server's processor time, and requests a second."""
    before = process.processor_seconds()
    counted = await load(process.port, path, seconds=SECONDS, connections=CONNECTIONS, first=first)
    spent = process.processor_seconds() - before
    if set(counted["statuses"]) != {"200"}:
        raise RuntimeError(f"{path}: {counted['statuses']}")
    done = counted["statuses"]["200"]
    return spent / done * 1e6, done / counted["seconds"]
