"""Switches one function off, so that the tests which claim to need it have to turn red.

A pytest plugin: `python -m pytest -p kefu.core.proof.switched …` with KEFU_SWITCHED_OFF=package.module:name.
"""

from __future__ import annotations

import importlib
import inspect
import os
from types import FunctionType

VARIABLE = "KEFU_SWITCHED_OFF"


def pytest_collection_finish() -> None:
    """Switch off when all tests are loaded: importing the function has to go well."""
    if path := os.environ.get(VARIABLE):
        switch_off(path)


def switch_off(path: str) -> None:
    """Make the function at `package.module:name` (or `:Class.name`) raise for everyone who holds it.

    Its code is replaced, not its name: modules that imported it and registries that keep it are reached too.
    Raises LookupError where there is no such function.
    """
    function = find(path)
    if function.__code__.co_freevars:
        raise LookupError(f"{path} is a closure: name the function it wraps")
    function.__code__ = _gone.__code__


def find(path: str) -> FunctionType:
    """The function itself, below its decorators. Raises LookupError."""
    module, _, name = path.partition(":")
    try:
        found: object = importlib.import_module(module)
        for step in name.split("."):
            found = inspect.unwrap(getattr(found, step))
    except (ImportError, AttributeError, ValueError) as error:
        raise LookupError(f"{path} names no function: {error}") from error
    found = getattr(found, "__func__", found)
    if not isinstance(found, FunctionType):
        raise LookupError(f"{path} is not a function")
    return found


def _gone(*args: object, **kwargs: object) -> None:
    raise NotImplementedError("this function is switched off")
