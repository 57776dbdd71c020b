"""Registers: lists and statistics of what there is, as the rulebook lays them out. Nothing in them is typed again.

Start at `finding.registers_for`, then `reading.Reader`; out of it come pages, paper (`paper`) and Excel (`exporting`).
"""
