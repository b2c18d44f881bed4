"""How Stripe tells the truth: one file an object, one table for what depends on the version."""
