"""Pages of documents and registers. A view asks, calls one action, answers."""
