"""What happens later: periodic ticks and people's long work, in one leased and fenced table.

Not here: what a job does (the capability that registers its handler). Start at `registry`, then `actions`,
`worker`.
"""
