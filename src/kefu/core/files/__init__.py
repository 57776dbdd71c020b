"""Files as opaque bytes: kept outside every web-served folder under random names, typed by their content.

Not here: who may read a file (the record it hangs on decides). Start at `actions.store` and `queries.content`.
"""
