"""One index for Chinese and Latin text on both databases: whatever piece of a text is asked for, it is found.

Not here: what a record's texts are and who may see it (each capability says so: `sources`, and the `within` of
`queries.find`). Start at `text.tokens`, then `actions.put` and `queries.find`; `ranking` says what fits best, `lists`
serves what has an order of its own, `schema` keeps the index.
"""
