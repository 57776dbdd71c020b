"""Does a rulebook do what it says? Its worked examples are run, its rules broken on purpose, its claims
proved.

Pure but for `switched` (which runs tests in a process of their own). Start at `examples.run_examples`, then
`mutate.mutants` (the ways to break a rule) and `coverage.coverage` (which requirements are carried).
"""

from kefu.core.proof.examples import Place, Result, run_examples

__all__ = ["Place", "Result", "run_examples"]
