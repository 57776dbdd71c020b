"""The rulebook: the manual as typed data. Load it, check it, ask it, explain it, compare two versions.

It holds no state, knows no database and no clock: facts, people and instants are passed in.
Start with `model.py` (what a manual says, out of `expressions.py`) and `load.py` (how it is read); `words.py` is the
vocabulary.
"""

from kefu.core.rulebook.check import advise, check
from kefu.core.rulebook.load import load_files, load_pack, load_source, pack_names, packs_root, to_source
from kefu.core.rulebook.mistakes import Advice, Mistake, RulebookRefused

__all__ = [
    "Advice",
    "Mistake",
    "RulebookRefused",
    "advise",
    "check",
    "load_files",
    "load_pack",
    "load_source",
    "pack_names",
    "packs_root",
    "to_source",
]
