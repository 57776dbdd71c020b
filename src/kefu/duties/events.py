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

declare("day.drafted", zh="生成工作安排", en="day drafted", personal="person")
declare("day.ticked", zh="完成工作安排事项", en="line of a day ticked off", personal="person")
declare("day.unticked", zh="取消完成标记", en="tick taken back", personal="person")
declare("day.added", zh="添加工作安排事项", en="line added to a day", personal="person")
declare("day.explained", zh="说明未完成原因", en="reason given for a line of a day", personal="person")
declare("day.closed", zh="结束工作安排", en="day closed", personal="person")

declare_notice("duties.came", zh="有 {count} 项新任务，请查看任务", en="{count} duties have come up")
declare_notice(
    "day.unfinished",
    zh="{day} 有 {count} 项日常工作未完成：{numbers}，请查看原因",
    en="{day}: {count} routine duties were left undone: {numbers}",
)
