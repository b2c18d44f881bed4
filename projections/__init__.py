"""Tables for finance, each a fold over the ledger's events."""
