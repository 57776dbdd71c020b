"""Event kinds of rulebooks and calendars."""

from kefu.core.ledger.kinds import declare

PUBLISHED = declare("rulebook.published", zh="发布制度版本", en="rulebook version published")
NOTICE_IMPORTED = declare("calendar.notice_imported", zh="导入放假安排", en="public holiday notice imported")
