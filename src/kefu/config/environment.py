"""Reads the variables named KEFU_…; a bad value is refused by the name of its variable, in one sentence."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")
LANGUAGES = {"zh-hans": "简体中文", "en": "English"}


class BadVariable(ImproperlyConfigured):
    """`KEFU_X: what is wrong (what is allowed)`."""

    def __init__(self, name: str, wrong: str) -> None:
        super().__init__(f"{name}: {wrong}")


class Smtp(NamedTuple):
    """The server that mail is given to."""

    host: str
    port: int
    user: str
    password: str
    tls: bool  # from the start
    starttls: bool


class Environment:
    """The variables of one process, each read once at start-up."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables

    def text(self, name: str, default: str = "") -> str:
        return self.variables.get(name, "").strip() or default

    def flag(self, name: str) -> bool:
        """1/true/yes/on or 0/false/no/off in any case; unset is off."""
        word = self.text(name, "0").lower()
        if word in {"1", "true", "yes", "on"}:
            return True
        if word in {"0", "false", "no", "off"}:
            return False
        raise BadVariable(name, f"{word!r} is neither on nor off (use 1 or 0)")

    def choice(self, name: str, allowed: Mapping[str, str], default: str) -> str:
        word = self.text(name, default).lower()
        if word not in allowed:
            raise BadVariable(name, f"{word!r} is not known (use {' or '.join(allowed)})")
        return word

    def zone(self, name: str, default: str) -> str:
        """A name of the IANA time zone database, such as Asia/Shanghai."""
        word = self.text(name, default)
        try:
            ZoneInfo(word)
        except (KeyError, ValueError, OSError) as error:
            raise BadVariable(
                name, f"{word!r} is not a time zone (use a name such as Asia/Shanghai)"
            ) from error
        return word

    def hosts(self, name: str, default: str) -> list[str]:
        """Host names separated by commas, without scheme, port or path; * allows every host."""
        hosts = [host.strip() for host in self.text(name, default).split(",") if host.strip()]
        for host in hosts:
            if "/" in host or " " in host or (":" in host and not host.startswith("[")):
                raise BadVariable(name, f"{host!r} is not a host name (give names only: kefu.example.org)")
        return hosts

    def url(self, name: str) -> str:
        """The address people type, `https://host[:port]`; empty when not given."""
        word = self.text(name).rstrip("/")
        try:
            parts = urlsplit(word)
            well_formed = (
                parts.scheme in {"http", "https"} and parts.hostname and not parts.path and parts.port != 0
            )
        except ValueError:
            well_formed = False
        if word and not well_formed:
            raise BadVariable(name, f"{word!r} is not an address (use https://kefu.example.org)")
        return word

    def origins(self, name: str) -> list[str]:
        """Addresses as `url`, separated by commas."""
        words = [word.strip() for word in self.text(name).split(",") if word.strip()]
        return [Environment({name: word}).url(name) for word in words]

    def delivery(self, name: str) -> str:
        """How texts are delivered: empty for not at all, `console`, `smtp`, or `package.module.function`."""
        word = self.text(name)
        if word and word not in {"console", "smtp"} and not _DOTTED.fullmatch(word):
            raise BadVariable(name, f"{word!r} is not known (use console, smtp or package.module.function)")
        if word == "smtp" and "PHONE" in name:
            raise BadVariable(name, "smtp reaches no phone (use console, or package.module.function)")
        return word

    def smtp(self, name: str) -> Smtp:
        """`smtp://user:password@host:port`: STARTTLS where a user is given; `smtps://` for TLS from the start."""
        word = self.text(name, "smtp://localhost:25")
        try:
            parts = urlsplit(word)
            port = parts.port
        except ValueError as error:
            raise BadVariable(name, f"the address cannot be read ({error})") from error
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path:
            raise BadVariable(name, "not a mail server (use smtp://user:password@host:587 or smtps://…:465)")
        tls, user = parts.scheme == "smtps", unquote(parts.username or "")
        password = unquote(parts.password or "")
        return Smtp(parts.hostname, port or (465 if tls else 25), user, password, tls, bool(user) and not tls)

    def folder(self, name: str, default: str) -> Path:
        """A folder, made where it is missing."""
        path = Path(self.text(name, default)).expanduser().resolve()
        try:
            path.mkdir(parents=True, exist_ok=True)
        except FileExistsError as error:
            raise BadVariable(name, f"{path} is not a folder") from error
        except OSError as error:
            raise BadVariable(name, f"{path} cannot be made ({error.strerror})") from error
        return path

    def database(self, name: str, home: Path) -> dict[str, object]:
        """`sqlite:PATH` or `postgresql://user:password@host:port/name`, as Django's DATABASES entry.

        Without a host the socket folder may be given: `postgresql://kefu@/kefu?host=/run/postgresql`.
        """
        word = self.text(name, f"sqlite:{home / 'kefu.sqlite3'}")
        if word.startswith("sqlite:") and len(word) > len("sqlite:"):
            return {
                "ENGINE": "kefu.core.db.sqlite",
                "NAME": str(Path(word[len("sqlite:") :]).expanduser().resolve()),
            }
        try:
            parts = urlsplit(word)
            port = parts.port
        except ValueError as error:
            raise BadVariable(name, f"the address cannot be read ({error})") from error
        database = unquote(parts.path.lstrip("/"))
        if parts.scheme != "postgresql" or not database:
            raise BadVariable(
                name, "not a database (use sqlite:PATH or postgresql://user:password@host/name)"
            )
        options = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "kefu.core.db.postgresql",
            "NAME": database,
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": options.pop("host", parts.hostname or ""),
            "PORT": str(port or ""),
            "OPTIONS": options,
        }

    def secret_key(self, name: str, home: Path) -> str:
        """The given key, else the one kept in `home/secret_key`, written (0600) at the first start."""
        given = self.text(name)
        if given:
            if len(given) < 32:
                raise BadVariable(name, "shorter than 32 characters (leave it out and one is made and kept)")
            return given
        path = home / "secret_key"
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(50))
        except FileExistsError:
            pass
        except OSError as error:
            raise BadVariable("KEFU_HOME", f"{home} cannot be written ({error.strerror})") from error
        key = path.read_text().strip()
        if len(key) < 32:
            raise BadVariable("KEFU_HOME", f"{path} holds no key (delete it and sign in again)")
        return key
