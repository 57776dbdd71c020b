"""Cases 工单: complaints, repairs, enquiries: register, answer, dispatch, follow to the end.

Not here: who works here (`kefu.staff`), duties that a case brings about (`kefu.duties`).
Start at `actions.register`, then `queries.cases_visible_to`.
"""
