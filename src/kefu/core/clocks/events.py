"""Event kinds of clocks. They hold the clock, its run and the step, nothing of a person."""

from kefu.core.ledger.kinds import declare

STEP = declare("clock.step", zh="时限步骤已执行", en="step of a clock carried out")
MISSED = declare("clock.missed", zh="时限已超过", en="clock missed")
CORRECTED = declare("clock.corrected", zh="时限记录已更正", en="record of a clock corrected")
