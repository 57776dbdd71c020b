"""A small department that lives by a rulebook through some weeks, to see what falls due for whom and when.

Not here: whether a rule means what the manual says (`tests/expected`). Start at `weeks.live`.
"""
