"""What the ledger says of approvals, and what people are told."""

from kefu.core.ledger import declare
from kefu.staff.notices import declare_notice

declare("approval.opened", zh="提出申请", en="asked for", personal="person")
declare("approval.signed", zh="同意，转下一级", en="agreed, others follow", personal="person")
declare("approval.moved", zh="审批流转", en="approval moved", personal="person")
declare("approval.set", zh="修改字段", en="fields changed", personal="person")
declare("approval.assigned", zh="转交", en="passed on", personal="person")
declare(
    "approval.handed_on",
    zh="申请人已离职，转由上级跟进",
    en="who asked has left: with their leader",
    personal="person",
)
declare("approval.escalated", zh="上报", en="escalated", personal="person")
declare("approval.acknowledged", zh="知悉上报", en="escalation acknowledged", personal="person")
declare("approval.revealed", zh="查看隐藏信息", en="masked value revealed", personal="person")
declare("approval.voided", zh="撤销", en="voided")

declare_notice(
    "approvals.asked", zh="{kind_zh} {number} 等您审批", en="{kind_en} {number} waits for your approval"
)
declare_notice("approvals.approved", zh="{kind_zh} {number} 已获同意", en="{kind_en} {number} was approved")
declare_notice("approvals.refused", zh="{kind_zh} {number} 未获同意", en="{kind_en} {number} was refused")
declare_notice(
    "approvals.returned",
    zh="{kind_zh} {number} 被退回，请补充后重新提交",
    en="{kind_en} {number} came back to you: complete it and submit it again",
)
declare_notice(
    "approvals.handed_on",
    zh="{kind_zh} {number} 的申请人已离职，请您跟进",
    en="whoever asked for {kind_en} {number} has left; please see to it",
)
declare_notice(
    "approvals.stuck",
    zh="{kind_zh} {number} 现在没有人可以审批，请与上级联系",
    en="{kind_en} {number} waits where nobody can sign now; please speak to your leader",
)
