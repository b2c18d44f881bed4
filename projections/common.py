"""What several tables share: columns with their one comment, and a stream's name taken apart."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import unquote

from msgspec import Meta


def place(stream: str) -> tuple[str, str, str]:
    """Category, account and key of a stream: `parse_stream` of ledger.ids for the hot path."""
    category, _, _, account, key = stream.split("/")
    if "%" in stream:
        return category, unquote(account), unquote(key)
    return category, account, key


Stream = Annotated[str, Meta(description="The stream of the events this row is folded from.")]
Account = Annotated[
    str, Meta(description="The connected account (acct_...), or '' for the platform's own.")
]
CustomerId = Annotated[
    str,
    Meta(description="The application's user id where known, else the provider's customer id."),
]
Owner = Annotated[
    str | None,
    Meta(
        description="The application's user id where known, else the provider's customer id; "
        "NULL while nobody is known."
    ),
]
ProviderCustomerId = Annotated[
    str | None, Meta(description="The provider's id of the customer, cus_..., where it named one.")
]
Currency = Annotated[
    str, Meta(description="ISO 4217 code in lower case; amounts are in its minor units.")
]
Features = Annotated[
    tuple[str, ...], Meta(description="Features this pays for, such as learning_path:7.")
]
Ambiguous = Annotated[
    bool,
    Meta(description="Reports of one second differ and nothing tells which is last: look closer."),
]
