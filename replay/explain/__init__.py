"""Why a row is as it is: the events and deliveries it follows from, and what would end it."""
