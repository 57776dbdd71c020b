"""The customer's side 自助服务: report, look up, reply, urge, confirm, rate; by phone first, without an account.

Not here: what staff see and do (`kefu.cases`), and what customers may do, which the rulebook says (`by: customer`).
Start at `queries.cases_shown_to`, the only question about what a customer sees, then `actions`.
"""
