"""Forms as data: fill in what a rulebook asks, show a piece of work with its reasons, print a sheet.

Not here: what a case or a duty is, and who may see one (their own packages). Start at `filling.asked`,
`work_page.shown`, `once.once` and `sheet.Sheet`.
"""
