"""What the ledger says of customers who come by themselves. Addresses stay in the rows."""

from kefu.core.ledger import declare

declare("portal.code_asked", zh="客户索取验证码", en="customer asked for a code")
declare("portal.signed_in", zh="客户登录自助服务", en="customer signed in")
declare("portal.signed_out", zh="客户退出自助服务", en="customer signed out")
declare("portal.looked_up", zh="客户凭编号和电话查询", en="customer looked up by number and phone")
declare("portal.told", zh="已通知客户有新进展", en="customer told of news")
declare("portal.link_opened", zh="客户打开进度链接", en="customer opened the link of a case")
