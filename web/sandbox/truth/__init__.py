"""What is so, whether or not anybody has been told: one file a noun."""
