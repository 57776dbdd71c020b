"""Settings, root URLs and servers: wires the parts together and decides nothing.

Not here: rules, pages, actions. Start with `settings.py`; `environment.py` says what a variable may hold.
"""
