"""Problems that several routes answer with."""

from services.identity.usecases.check_statement import BadStatementError, HeldByAnotherError
from shared.web.problems import FieldError, ProblemError


def absorbed(survivor_id: str) -> ProblemError:
    """Say that a client was merged, and into whom."""
    address = f"/api/identity/clients/{survivor_id}"
    return ProblemError(
        410,
        "merged",
        f"This client was merged into {survivor_id}. Use that one: {address}",
        headers={"Link": f'<{address}>; rel="successor-version"'},
        more={"survivor": {"id": survivor_id, "address": address}},
    )


def refused(error: BadStatementError | HeldByAnotherError) -> ProblemError:
    """Say why what the business says of somebody cannot be taken, field by field."""
    if isinstance(error, BadStatementError):
        errors = [FieldError(field=fault.field, message=fault.message) for fault in error.faults]
        return ProblemError(422, "invalid", "; ".join(f"{e.field}: {e.message}" for e in errors[:3]), errors=errors)
    if error.field == "contact_key":
        slug = "contact-key-taken"
        message = f"Client {error.client_id} has this contact key. Use that one, or another key."
    else:
        slug = "held-by-another"
        message = f"Client {error.client_id} has proved this {error.field} to be theirs. Open that one, or merge both."
    errors = [FieldError(field=error.field, message=message)]
    return ProblemError(409, slug, message, errors=errors, more={"client_id": error.client_id})
