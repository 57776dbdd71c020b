"""A lived-in property service centre for people who want to look around: made through the actions, from one seed.

Start at `days.live`; `people` are who works and lives there, `stories` what happens to them.
"""
