"""The promises of the ledger, checked; the folders mirror the code."""
