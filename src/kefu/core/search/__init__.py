"""One index for Chinese and Latin text on both databases: whatever piece of a text is asked for, it is found.

Not here: what a record's texts are and who may see it (each capability says so: `sources`, and the `within` of
`queries.newest`). Start at `text.tokens`, then `actions.put` and `queries.newest`; `schema` keeps the index.
"""
