"""One customer's way through each of the four systems the ledger serves, over real HTTP."""
