"""The one shape of all work: number, kind, department, owner, state, fields, flow, clocks.

Not here: what a case or a duty is for (`kefu.cases`, `kefu.duties`), nor pages.
Start at `models.Work`, then `actions`.
"""
