"""The auditor's tools: replay, explain, compare and verify."""
