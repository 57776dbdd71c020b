"""One index for Chinese and Latin text on both databases: pairs of neighbouring characters, and words.

Not here: who may see what is found (each capability filters by its own rights function).
Start at `actions.put`, then `queries.matching`.
"""
