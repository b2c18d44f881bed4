"""The ledger over HTTP: webhooks in, checkout and answers out."""
