"""What an API key may be for; there is none for everything."""

from __future__ import annotations

from typing import Literal

Scope = Literal["read", "checkout", "credits", "charges", "catalog", "grants", "audit"]

SCOPES: dict[Scope, str] = {
    "read": "what customers have, owe and paid",
    "checkout": "register customers, sell to them, and issue tokens for them",
    "credits": "spend customers' credits",
    "charges": "say what customers owe, and waive it",
    "catalog": "say what is sold and for how much",
    "grants": "give access by hand, and withdraw it",
    "audit": "look into history",
}
"""Scope -> what a key with it may do."""
