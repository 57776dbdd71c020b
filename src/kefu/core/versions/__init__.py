"""Published rulebook versions and imported calendar notices.

Not here: what a rulebook says (`kefu.core.rulebook`). Start at `queries.in_force`, `actions.publish`.
"""
