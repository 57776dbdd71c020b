"""What the ledger says of documents."""

from kefu.core.ledger import declare

PERSON = "id of the person"

declare("document.opened", zh="填写表单", en="form begun", personal=PERSON)
declare("document.moved", zh="表单流转", en="form moved on", personal=PERSON)
declare("document.set", zh="修改内容", en="fields changed", personal=PERSON)
declare("document.assigned", zh="转交表单", en="form handed over", personal=PERSON)
declare("document.escalated", zh="上报", en="escalated", personal=PERSON)
declare("document.acknowledged", zh="知悉上报", en="escalation acknowledged", personal=PERSON)
declare("document.revealed", zh="查看隐藏信息", en="masked value revealed", personal=PERSON)
declare("document.voided", zh="作废", en="voided")
declare("document.corrected", zh="另立更正版", en="corrected by a new version")
declare("document.file_added", zh="添加附件", en="file added")
declare("document.destroyed", zh="保存期满，销毁内容", en="content destroyed after its retention")
declare("document.exported", zh="导出登记表", en="register exported", personal=PERSON)
