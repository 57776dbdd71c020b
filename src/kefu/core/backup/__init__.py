"""The whole installation in one folder, and back: database, stored files, anchor, key.

Not here: lists for people (`sheets`). Start at `making.back_up` and `restoring.restore`.
"""
