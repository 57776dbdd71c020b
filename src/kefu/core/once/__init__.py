"""What is asked for twice is done once and answered twice: forms of pages, requests of programs.

Not here: what tells a repetition from a new wish (who asks makes the key). Start at `actions.once`.
"""
