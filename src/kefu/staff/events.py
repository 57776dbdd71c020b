"""What the ledger says about staff. Events hold ids and codes; names, numbers and addresses stay in the
rows."""

from kefu.core.ledger.kinds import declare

PERSON = "id of the person"
PEOPLE = "ids of both people"

declare("organisation.founded", zh="建立组织", en="organisation founded", personal="id of the owner")
declare(
    "organisation.owner_changed", zh="更换组织负责人", en="owner of the organisation changed", personal=PEOPLE
)
declare("department.added", zh="增设部门", en="department added")
declare("department.changed", zh="修改部门", en="department changed")
declare("team.made", zh="组建班组", en="team made", personal=PERSON)
declare("team.led", zh="指定班组长", en="team leader named", personal=PERSON)
declare("team.joined", zh="加入班组", en="team joined", personal=PERSON)
declare("team.left", zh="退出班组", en="team left", personal=PERSON)

declare("person.added", zh="添加员工", en="person added", personal=PERSON)
declare("person.changed", zh="修改员工资料", en="person's details changed", personal=PERSON)
declare("person.moved", zh="调动部门", en="person moved to another department", personal=PERSON)
declare("person.given_post", zh="任命岗位", en="post given", personal=PERSON)
declare("person.left_post", zh="卸任岗位", en="post ended", personal=PERSON)
declare("person.stood_in", zh="设定代理", en="stand-in named", personal=PEOPLE)
declare("person.stand_in_ended", zh="结束代理", en="stand-in ended", personal=PEOPLE)
declare("person.away", zh="标记离开", en="marked away", personal=PERSON)
declare("person.back", zh="标记返回", en="marked back", personal=PERSON)
declare("person.left_company", zh="离职", en="left the company", personal=PERSON)
declare("person.auditor_named", zh="授予审计员", en="named auditor", personal=PERSON)
declare("person.auditor_ended", zh="撤销审计员", en="no longer auditor", personal=PERSON)

declare("person.signed_in", zh="登录", en="signed in", personal=PERSON)
declare("person.signed_out", zh="退出登录", en="signed out", personal=PERSON)
declare("person.session_ended", zh="结束会话", en="session ended", personal=PERSON)
declare(
    "sign_in.refused", zh="登录被拒绝", en="sign-in refused", personal="id of the person, if there is one"
)
declare("sign_in.locked", zh="登录已锁定", en="sign-in locked", personal="id of the person, if there is one")
declare("person.link_issued", zh="发出一次性链接", en="one-time link issued", personal=PERSON)
declare("person.link_used", zh="使用一次性链接", en="one-time link used", personal=PERSON)
declare("person.password_changed", zh="修改密码", en="password changed", personal=PERSON)
declare("person.totp_enabled", zh="启用动态口令", en="second factor switched on", personal=PERSON)
declare("person.totp_disabled", zh="停用动态口令", en="second factor switched off", personal=PERSON)
declare("person.token_made", zh="创建接口令牌", en="API token made", personal=PERSON)
declare("person.token_revoked", zh="吊销接口令牌", en="API token revoked", personal=PERSON)

declare("notice.sent", zh="发出通知", en="notice sent", personal=PERSON)
declare("notice.read", zh="阅读通知", en="notice read", personal=PERSON)
