"""The JSON API under `/api/v1`: for programs, what the pages are for people. Conventions in `docs/guide`.

Not here: any rule or right of its own; it calls the same queries and actions as the pages. Start at `mount`.
"""
