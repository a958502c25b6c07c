"""Transactions on a real replica set: what passes by itself is tried again, what does not is told."""

import asyncio
from typing import Any

import pytest
from pymongo.errors import AutoReconnect, BulkWriteError, DuplicateKeyError, OperationFailure, PyMongoError

from shared.storage.mongo import Client, Database, Session
from shared.storage.transactions import ATTEMPTS, in_transaction, is_duplicate, is_passing


def labelled(*labels: str) -> OperationFailure:
    return OperationFailure("said by the test", 0, {"errorLabels": list(labels)})


async def test_two_that_meet_are_both_done(client: Client, ours: Database) -> None:
    await ours["counts"].insert_one({"_id": "a", "n": 0})

    async def add(session: Session) -> None:
        found = await ours["counts"].find_one({"_id": "a"}, session=session)
        assert found is not None
        await asyncio.sleep(0.02)
        await ours["counts"].update_one({"_id": "a"}, {"$set": {"n": found["n"] + 1}}, session=session)

    await asyncio.gather(*(in_transaction(client, add) for _ in range(4)))
    assert await ours["counts"].find_one({"_id": "a"}) == {"_id": "a", "n": 4}


async def test_what_fails_leaves_nothing(client: Client, ours: Database) -> None:
    async def work(session: Session) -> None:
        await ours["things"].insert_one({"_id": 1}, session=session)
        raise KeyError("a fault of ours")

    with pytest.raises(KeyError):
        await in_transaction(client, work)
    assert await ours["things"].count_documents({}) == 0


async def test_a_duplicate_is_told_at_once(client: Client, ours: Database) -> None:
    await ours["things"].insert_one({"_id": 1})
    runs = 0

    async def work(session: Session) -> None:
        nonlocal runs
        runs += 1
        await ours["things"].insert_one({"_id": 1}, session=session)

    with pytest.raises(PyMongoError) as met:
        await in_transaction(client, work)
    assert is_duplicate(met.value)
    assert not is_passing(met.value)
    assert runs == 1


class Commits:
    """Stands between a session and the server: the first commits fail as they are told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, errors: list[PyMongoError]) -> None:
        self.errors = errors
        self.count = 0
        commit = Session.commit_transaction

        async def commits(session: Any) -> None:
            self.count += 1
            if self.errors:
                raise self.errors.pop()
            await commit(session)

        monkeypatch.setattr(Session, "commit_transaction", commits)


async def insert(client: Client, ours: Database) -> int:
    """Insert one document; returns how often the work ran."""
    runs = 0

    async def work(session: Session) -> None:
        nonlocal runs
        runs += 1
        await ours["things"].insert_one({"_id": runs}, session=session)

    await in_transaction(client, work)
    return runs


async def test_a_commit_of_unknown_outcome_is_committed_again(
    client: Client, ours: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = Commits(monkeypatch, [labelled("UnknownTransactionCommitResult") for _ in range(3)])
    assert await insert(client, ours) == 1
    assert commits.count == 4
    assert await ours["things"].count_documents({}) == 1


async def test_a_commit_whose_outcome_stays_unknown_is_never_taken_for_one(
    client: Client, ours: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = Commits(monkeypatch, [labelled("UnknownTransactionCommitResult") for _ in range(ATTEMPTS + 1)])
    with pytest.raises(OperationFailure):
        await insert(client, ours)
    assert commits.count == ATTEMPTS


async def test_a_commit_that_met_another_runs_the_work_again(
    client: Client, ours: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    Commits(monkeypatch, [labelled("TransientTransactionError")])
    assert await insert(client, ours) == 2
    assert await ours["things"].count_documents({}) == 1


@pytest.mark.parametrize(
    ("error", "passing", "duplicate"),
    [
        (AutoReconnect("gone"), True, False),
        (labelled("TransientTransactionError"), True, False),
        (labelled("RetryableWriteError"), True, False),
        (OperationFailure("stepping down", 189), True, False),
        (OperationFailure("write conflict", 112), True, False),
        (OperationFailure("bad value", 2), False, False),
        (DuplicateKeyError("E11000", 11000), False, True),
        (BulkWriteError({"writeErrors": [{"code": 11000}]}), False, True),
        (BulkWriteError({"writeErrors": [{"code": 121}]}), False, False),
    ],
)
def test_not_now_is_told_from_never(error: PyMongoError, passing: bool, duplicate: bool) -> None:  # noqa: FBT001
    assert is_passing(error) is passing
    assert is_duplicate(error) is duplicate
