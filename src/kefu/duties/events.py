"""What the ledger says of duties."""

from kefu.core.ledger import declare
from kefu.staff.notices import declare_notice

declare("duty.opened", zh="产生任务", en="duty opened", personal="person")
declare("duty.moved", zh="任务流转", en="duty moved", personal="person")
declare("duty.set", zh="修改字段", en="fields changed", personal="person")
declare("duty.assigned", zh="指派任务", en="duty assigned", personal="person")
declare("duty.escalated", zh="上报", en="escalated", personal="person")
declare("duty.acknowledged", zh="知悉上报", en="escalation acknowledged", personal="person")
declare("duty.revealed", zh="查看隐藏信息", en="masked value revealed", personal="person")
declare("duty.tried", zh="联系客户", en="tried to reach the customer", personal="person")
declare("duty.voided", zh="撤销", en="withdrawn")

declare_notice("duties.came", zh="有 {count} 项新任务，请查看任务", en="{count} duties have come up")
