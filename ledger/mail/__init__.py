"""Mail to customers: which facts are told, to whom, in which words, and how it is posted."""
