"""Approvals: what others have to agree to before it is done, link after link of the rulebook's chain."""
