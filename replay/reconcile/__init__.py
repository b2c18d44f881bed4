"""What the tables say against what Stripe says, and what is fetched where they differ."""
