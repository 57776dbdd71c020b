"""Addresses of colleagues, departments and teams."""

from __future__ import annotations

from django.urls import path

from kefu.staff.views import departments, imports, listing, person

app_name = "staff"
urlpatterns = [
    path("staff/", listing.show, name="list"),
    path("staff/add/", listing.add, name="add"),
    path("staff/import/", imports.upload, name="import"),
    path("staff/import/template/", imports.template, name="import_template"),
    path("staff/departments/", departments.show, name="departments"),
    path("staff/departments/add/", departments.add, name="add_department"),
    path("staff/departments/<int:pk>/change/", departments.change, name="change_department"),
    path("staff/departments/<int:pk>/teams/", departments.make_team, name="make_team"),
    path("staff/teams/<int:pk>/lead/", departments.lead_team, name="lead_team"),
    path("staff/posts/<int:pk>/end/", person.end_post, name="end_post"),
    path("staff/memberships/<int:pk>/end/", person.leave_team, name="leave_team"),
    path("staff/stand-ins/<int:pk>/end/", person.end_stand_in, name="end_stand_in"),
    path("staff/sessions/<int:pk>/end/", person.end_session, name="end_session"),
    path("staff/<int:pk>/", person.show, name="show"),
    path("staff/<int:pk>/change/", person.change, name="change"),
    path("staff/<int:pk>/leave/", person.leave, name="leave"),
    path("staff/<int:pk>/away/", person.mark_away, name="mark_away"),
    path("staff/<int:pk>/back/", person.mark_back, name="mark_back"),
    path("staff/<int:pk>/posts/", person.give_post, name="give_post"),
    path("staff/<int:pk>/teams/", person.join_team, name="join_team"),
    path("staff/<int:pk>/stand-ins/", person.set_stand_in, name="set_stand_in"),
    path("staff/<int:pk>/move/", person.move, name="move"),
    path("staff/<int:pk>/link/", person.issue_link, name="issue_link"),
    path("staff/<int:pk>/second-factor/", person.disable_totp, name="disable_totp"),
    path("staff/<int:pk>/auditor/", person.name_auditor, name="name_auditor"),
    path("staff/<int:pk>/auditor/end/", person.end_auditor, name="end_auditor"),
    path("staff/<int:pk>/owner/", person.hand_over, name="hand_over"),
]
