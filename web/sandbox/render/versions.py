"""Which API versions can be told, and where each keeps what moved."""

from __future__ import annotations

from ledger.errors import LedgerError

NEWEST = "2026-10-28.endive"
VERSIONS = (NEWEST,)


class UnknownVersion(LedgerError):
    """There is no rendering for the API version asked for."""

    def __init__(self, api_version: str) -> None:
        known = ", ".join(VERSIONS)
        super().__init__(f"cannot render API version {api_version!r}; known: {known}")
        self.api_version = api_version


def check(api_version: str) -> None:
    """Raise `UnknownVersion` unless the version can be rendered."""
    if api_version not in VERSIONS:
        raise UnknownVersion(api_version)
