"""The command `kefu NAME …`: Kefu's own management commands, and Django's for those who need them."""

from __future__ import annotations

import os
import sys

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, execute_from_command_line, get_commands, load_command_class
from django.core.management.base import BaseCommand

from kefu.config.database import is_empty, not_ready

MAKE_THE_DATABASE = {"init", "demo", "restore", "simulate"}
# most verbs of `rulebook` only read files; `publish` and `diff` say themselves what they miss
MAY_DO_WITHOUT = {"rulebook"}
KEPT_FROM_DJANGO = {"check", "makemigrations", "migrate", "shell", "dbshell", "showmigrations"}
# Django's own options: they work, but --help does not list them
FOR_DEVELOPERS = {
    *("--version", "--verbosity", "--settings", "--pythonpath"),
    *("--traceback", "--no-color", "--force-color"),
}


def main() -> None:
    """Run `kefu NAME …`; a bad variable, an unknown name or no database ends in a sentence and exit 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kefu.config.settings")
    try:
        django.setup()  # reads the environment
    except ImproperlyConfigured as error:
        sys.exit(f"kefu: {error}")
    own = {command: app for command, app in get_commands().items() if app in settings.KEFU_APPS}
    name = sys.argv[1] if len(sys.argv) > 1 else "help"
    if name in own:
        reading = {"-h", "--help"} & set(sys.argv[2:]) or name in MAKE_THE_DATABASE | MAY_DO_WITHOUT
        if not reading and name == "serve" and is_empty():
            call_command("migrate", interactive=False, verbosity=0)  # the first page makes the organisation
        if not reading and (wrong := not_ready()):
            sys.exit(f"kefu: {wrong}")
        command: BaseCommand = load_command_class(own[name], name)
        command.suppressed_base_arguments = FOR_DEVELOPERS
        command.run_from_argv(["kefu", *sys.argv[1:]])
        return
    if name in KEPT_FROM_DJANGO:
        execute_from_command_line(["kefu", *sys.argv[1:]])
        return
    lines = [f"  {command:<12} {_purpose(app, command)}" for command, app in sorted(own.items())]
    sys.stderr.write("\n".join(["kefu COMMAND [--help]", *lines, ""]))
    sys.exit(0 if name in {"help", "-h", "--help"} else f"kefu: there is no command {name!r}")


def _purpose(app: str, command: str) -> str:
    found: BaseCommand = load_command_class(app, command)
    return found.help.splitlines()[0]
