"""The pages auditors look at history with: they show what the auditor's commands find."""
