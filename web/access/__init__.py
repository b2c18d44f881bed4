"""Who may call: applications by API key, a customer's browser by a short-lived token."""
