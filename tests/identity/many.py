"""Many clients of one workspace, and the filters they are listed by."""

import random
from datetime import timedelta

from services.identity.domain.client import Client, Holding
from services.identity.domain.filter import Filter
from services.identity.domain.profile import Refusal
from services.identity.usecases.browse import BrowseClients
from shared.contracts.ids import new_id
from tests.identity.happenings import NOON

FILTERS = [
    *(Filter(search=search) for search in ("ann", "mar", "ann lee", "5550", "77", "person1", "é", "+")),
    *(Filter(registered=registered) for registered in (True, False)),
    Filter(sources=("telegram",)),
    Filter(sources=("telegram", "instagram")),
    Filter(sources=("custom",)),
    *(Filter(tags=tags) for tags in (("hot",), ("hot", "vip"), ("none",))),
    *(Filter(not_tags=tags) for tags in (("hot",), ("hot", "vip"))),
    *(Filter(refused=refused) for refused in (True, False)),
    Filter(groups=("shop",), segments=("north",)),
    Filter(sources=("instagram",), tags=("hot",)),
    Filter(sources=("instagram", "telegram"), tags=("vip",), not_tags=("hot",), registered=True),
    Filter(search="ann", tags=("vip",)),
    Filter(search="ann", sources=("telegram", "widget"), not_tags=("hot",), refused=False),
]


def somebody(workspace: str, number: int) -> Client:
    chance = random.Random(number)
    refusal = Refusal("email", f"person{number}@example.com", "unsubscribed", NOON)
    return Client(
        id=new_id("cl"),
        workspace_id=workspace,
        rev=1,
        name=chance.choice(["Ann Lee", "Anna-Maria", "Bob Élan", "Mary Ann", "李雷"]),
        created_at=NOON + timedelta(seconds=chance.randrange(15)),
        changed_at=NOON,
        origin=chance.choice(["telegram", "instagram", "widget", None]),
        registered=chance.random() < 0.5,
        tags=tuple(tag for tag in ("hot", "vip", "new") if chance.random() < 0.5),
        groups=("shop",) if chance.random() < 0.6 else (),
        segments=("north",) if chance.random() < 0.6 else (),
        holdings=(
            Holding("phone", f"+4755500{number:02}77", "stated", NOON, "e"),
            Holding("email", f"person{number}@example.com", "stated", NOON, "e"),
        ),
        refusals=(refusal,) if chance.random() < 0.3 else (),
    )


async def paged(browse: BrowseClients, workspace: str, asked: Filter) -> tuple[list[str], set[tuple[int, bool]]]:
    found: list[str] = []
    totals: set[tuple[int, bool]] = set()
    cursor = None
    while True:
        page = await browse(workspace, asked, limit=7, cursor=cursor)
        found += [client.id for client in page.items]
        totals.add((page.total, page.total_is_exact))
        cursor = page.next_cursor
        if cursor is None:
            return found, totals
