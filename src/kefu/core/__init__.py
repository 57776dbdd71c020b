"""The few ideas every capability stands on: working time, rulebook, flow, ledger, clocks, work, jobs.

Not here: anything that names a case, a customer or a shift. Start with `worktime`.
"""
