"""Stripe: its signature, its payloads in all their versions, and what they say in our words."""
