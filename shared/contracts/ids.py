"""Ids: who makes them, and which of them follow from something else."""

import hashlib
import secrets
import uuid

_EVENTS = uuid.UUID("6b1c2a4e-9f35-4f0b-8b0e-0d6f6b697468")


def new_id(prefix: str) -> str:
    """Make a random id such as `cl_3f9c…`: 96 bits, so that it gives nothing away and is never guessed."""
    return f"{prefix}_{secrets.token_hex(12)}"


def derived_id(*parts: str) -> str:
    """Make the id of an event that follows from something else, the same one every time.

    A provider's second delivery, and a scenario's answer to a redelivered input, get the id they had at first.
    """
    return str(uuid.uuid5(_EVENTS, "/".join(parts)))


def chat_contact_id(workspace_id: str, connection_id: str, contact_id: str) -> str:
    """Return the opaque id of a chat contact. Its parts never change, so neither does this."""
    digest = hashlib.blake2b(f"{workspace_id}/{connection_id}/{contact_id}".encode(), digest_size=12)
    return f"cc_{digest.hexdigest()}"


def request_id(workspace_id: str, form_id: str) -> str:
    """Return the id of the request that a form becomes: opaque, fit for an address, and the same every time."""
    digest = hashlib.blake2b(f"{workspace_id}/{form_id}".encode(), digest_size=12)
    return f"rq_{digest.hexdigest()}"
