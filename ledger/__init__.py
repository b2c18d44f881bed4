"""What happened and what it means: deliveries, aggregates and the rules between them."""
