"""Pages that mix capabilities: my day, rulebook, ledger, state of the system; and the demonstration.

Not here: any change of its own; the actions of the capabilities do that. Start at `urls`.
"""
