"""Whether history is what was sealed: verified, proven entry by entry, and told."""
