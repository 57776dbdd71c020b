"""What open screens are told: that something they show has changed, and who else looks at it or writes on it.

A screen is told *that*, never *what*: it fetches its page again, where rights are asked again. Not here: notices
(staff), drafts (documents). Start at `words`, then `told`, `hub`, `stream`.
"""
