"""Pages of duties. A view asks, calls one action, answers."""
