"""Duties 任务: work that the rulebook asks for: follow-up calls, explanations, reworks to arrange.

Not here: the case that brought a duty about (`kefu.cases`). Start at `actions.open_duty`.
"""
