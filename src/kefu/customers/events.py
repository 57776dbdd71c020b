"""What the ledger says about customers: ids and names of fields, never their content."""

from kefu.core.ledger.kinds import declare

CUSTOMER = "id of the customer"

declare("customer.added", zh="建立客户档案", en="customer added", personal=CUSTOMER)
declare("customer.changed", zh="修改客户档案", en="customer changed", personal=CUSTOMER)
declare("customer.contact_added", zh="添加联系方式", en="contact point added", personal=CUSTOMER)
declare("customer.contact_removed", zh="删除联系方式", en="contact point removed", personal=CUSTOMER)
declare("customer.moved_in", zh="登记住户关系", en="occupancy added", personal=CUSTOMER)
declare("customer.moved_out", zh="结束住户关系", en="occupancy ended", personal=CUSTOMER)
declare("customer.merged", zh="合并客户档案", en="customers merged", personal="ids of both customers")
declare("customer.cancelled", zh="注销客户", en="customer cancelled", personal=CUSTOMER)
declare("customer.reinstated", zh="恢复客户服务", en="customer taken back into service", personal=CUSTOMER)
declare("customer.revealed", zh="查看隐藏信息", en="masked value revealed", personal=CUSTOMER)
declare("site.added", zh="添加房产", en="site added")
declare("asset.added", zh="登记设备", en="device added", personal=CUSTOMER)
declare("asset.retired", zh="停用设备", en="device taken out of service", personal=CUSTOMER)
