"""Lived-in departments for people who want to look around, one for each pack: made through the actions, from one seed.

Start at `days.live`. `casts` say who is there and what comes up, `people` founds it, `stories` (property) and `walks`
are what happens to cases, `routine` to duties, `papers` to forms and approvals; `words` is what people write.
"""
