"""`billing doctor`: looks at settings, database and Stripe, and says what to do."""
