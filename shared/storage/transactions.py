"""Transactions, and which errors of the database pass by themselves."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    OperationFailure,
    PyMongoError,
    WaitQueueTimeoutError,
)
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared.observability.metrics import RETRIES
from shared.storage.mongo import Client, Session

T = TypeVar("T")
ATTEMPTS = 20
FIRST_PAUSE = 0.002
LONGEST_PAUSE = 0.25
"""Seconds. What a process or a line that broke off left open is only ended by the server's own limit: to hammer at it
would help nobody. Whoever still meets it after all attempts waits in place, as for a server that is away.
"""
_NOT_NOW = frozenset({91, 189, 10107, 11600, 11602, 13435, 13436, 262, 50, 26, 133, 134, 112, 246, 251})
"""Codes of a server that stops, steps down, is short of time or lost a transaction (MongoDB's error_codes.yml)."""
_DUPLICATE = 11000


class StaleError(Exception):
    """Somebody changed a document since it was read: read again and decide again."""


def is_passing(error: PyMongoError) -> bool:
    """Tell an error that passes by itself (the server is away or busy) from one that comes every time."""
    if isinstance(error, (ConnectionFailure, AutoReconnect, WaitQueueTimeoutError)):
        return True
    if error.has_error_label("TransientTransactionError") or error.has_error_label("RetryableWriteError"):
        return True
    return isinstance(error, OperationFailure) and error.code in _NOT_NOW


def is_duplicate(error: PyMongoError) -> bool:
    """Tell whether a write met a unique index."""
    if isinstance(error, BulkWriteError):
        details = error.details or {}
        return any(e.get("code") == _DUPLICATE for e in details.get("writeErrors", []))
    return isinstance(error, DuplicateKeyError) or (isinstance(error, OperationFailure) and error.code == _DUPLICATE)


def is_only_duplicates(error: BulkWriteError) -> bool:
    """Tell whether a bulk met unique indexes and nothing else: what it would have made was there."""
    details = error.details or {}
    wrong = details.get("writeErrors", [])
    return bool(wrong) and not details.get("writeConcernErrors") and all(e.get("code") == _DUPLICATE for e in wrong)


async def in_transaction(client: Client, work: Callable[[Session], Awaitable[T]]) -> T:
    """Run work in a transaction, again when it met another one.

    Work reads inside the session what it decides upon, and may run several times. A commit whose outcome is unknown
    is committed again: that is safe, the server remembers.
    """
    for attempt in range(ATTEMPTS):
        async with await client.start_session() as session:
            session.start_transaction(
                read_concern=ReadConcern("snapshot"), write_concern=WriteConcern(w="majority", j=True)
            )
            try:
                result = await work(session)
                await _commit(session)
            except BaseException as error:
                if session.in_transaction:  # pyright: ignore[reportUnnecessaryComparison] - a property
                    await _abort(session)
                if (
                    isinstance(error, PyMongoError)
                    and error.has_error_label("TransientTransactionError")
                    and not isinstance(error, ConnectionFailure)
                    and attempt < ATTEMPTS - 1
                ):
                    RETRIES.labels("", "", "transaction").inc()
                    await asyncio.sleep(min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt) * random.random())  # noqa: S311 - to part ways
                    continue
                raise
            else:
                return result
    raise AssertionError("unreachable: the last attempt returns or raises")


async def _commit(session: Session) -> None:
    for attempt in range(ATTEMPTS):
        try:
            await session.commit_transaction()
        except PyMongoError as error:
            unknown = error.has_error_label("UnknownTransactionCommitResult")
            if not unknown or isinstance(error, ConnectionFailure) or attempt == ATTEMPTS - 1:
                raise  # never to be taken for a commit
        else:
            return


async def _abort(session: Session) -> None:
    try:
        await session.abort_transaction()
    except PyMongoError:
        return  # the server ends it by itself
