"""What the ledger says about wallboards; never the key in their address."""

from kefu.core.ledger.kinds import declare

declare("wall.made", zh="开设大屏", en="wallboard made")
declare("wall.revoked", zh="停用大屏", en="wallboard revoked")
