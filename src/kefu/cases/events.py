"""What the ledger says of cases. Texts and names stay in the rows; events hold ids and codes."""

from kefu.core.ledger import declare

declare("case.opened", zh="登记工单", en="case registered", personal="customer")
declare("case.moved", zh="工单流转", en="case moved", personal="person")
declare("case.set", zh="修改字段", en="fields changed", personal="person")
declare("case.assigned", zh="指派处理人", en="owner assigned", personal="person")
declare("case.escalated", zh="上报", en="escalated", personal="person")
declare("case.acknowledged", zh="知悉上报", en="escalation acknowledged", personal="person")
declare("case.voided", zh="作废", en="voided")
declare("case.reached", zh="送达部门", en="reached a department")
declare("case.message_added", zh="添加记录", en="message added")
declare("case.file_added", zh="添加附件", en="file added")
declare("case.rated", zh="客户评价", en="rated by the customer")
declare("case.linked", zh="关联工单", en="linked to a case")
declare("case.revealed", zh="查看隐藏信息", en="masked value revealed", personal="person")
declare("case.customer_set", zh="关联客户", en="customer named", personal="customer")
declare("case.exported", zh="导出工单清单", en="list of cases exported", personal="person")
