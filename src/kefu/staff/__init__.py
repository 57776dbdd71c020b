"""The organisation: departments, people, posts, teams, rights, sign-in, tokens, who is on duty, notices to
people.

Not here: rosters and leave (`workforce`), which rules a post has (`rulebooks/`).
Start at `actions` for changes and `queries` for questions; rule evaluation asks
`organisation.LiveOrganisation`.
"""
