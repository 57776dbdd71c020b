"""Kefu (客服): a customer-service department run by its own manual."""

__version__ = "0.1.0"
