"""Event kinds of the search index. They name the part of a record, and hold none of its words."""

from kefu.core.ledger.kinds import declare

CORRECTED = declare("search.corrected", zh="搜索索引已更正", en="search index corrected")
