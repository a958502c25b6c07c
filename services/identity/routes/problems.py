"""Problems that several routes answer with."""

from shared.web.problems import ProblemError


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
