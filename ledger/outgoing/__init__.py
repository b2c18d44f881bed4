"""Calls to the operator's own systems, by the conventions of Standard Webhooks."""
