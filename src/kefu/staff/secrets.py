"""Keys, passwords and second factors: made, looked at, compared. Nothing here changes a row."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from kefu.core.errors import Refused
from kefu.staff import limits
from kefu.staff.models import Person

TOTP_SECONDS = 30


def new_key() -> str:
    """A key of 256 random bits, fit for a cookie, an address or a header."""
    return secrets.token_urlsafe(32)


def digest(key: str) -> str:
    """What is kept of a key: random keys need no slow hash."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def check_new_password(password: str, person: Person) -> None:
    """Raises Refused password.too_short, password.too_long, password.like_login, password.common.

    The list of common passwords is Django's (20,000). No rules about kinds of characters: length is what
    helps.
    """
    if not limits.PASSWORD_SHORTEST <= len(password) <= limits.PASSWORD_LONGEST:
        too = "short" if len(password) < limits.PASSWORD_SHORTEST else "long"
        raise Refused(
            f"password.too_{too}",
            zh=f"密码应为 {limits.PASSWORD_SHORTEST} 到 {limits.PASSWORD_LONGEST} 个字符，"
            f"现在是 {len(password)} 个。",
            en=f"A password has {limits.PASSWORD_SHORTEST} to {limits.PASSWORD_LONGEST} characters;"
            f" this one has {len(password)}.",
        )
    if person.login in password.lower():
        raise Refused(
            "password.like_login",
            zh="密码中不要包含登录名。",
            en="The password must not contain the login name.",
        )
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        raise Refused(
            "password.common",
            zh="这个密码太常见，容易被猜到，请换一个。",
            en="This password is among the most used ones and easily guessed; choose another.",
        ) from None


def new_totp_secret() -> str:
    return pyotp.random_base32()


def sealed(totp_secret: str, at: datetime) -> str:
    """A secret as the database keeps it: of no use without KEFU_SECRET_KEY."""
    return _seal().encrypt_at_time(totp_secret.encode(), int(at.timestamp())).decode()


def opened(kept: str) -> str:
    """The secret again. Raises Refused totp.key_changed."""
    try:
        return _seal().decrypt(kept.encode()).decode()
    except InvalidToken:
        raise Refused(
            "totp.key_changed",
            zh="动态口令的密钥无法解读，因为 KEFU_SECRET_KEY 换过。"
            "请管理员恢复原来的值，或请部门负责人停用您的动态口令后重新启用。",
            en="The secret of the second factor cannot be read, because KEFU_SECRET_KEY was changed. Have the old"
            " value put back, or have the head of your department switch your second factor off.",
        ) from None


def _seal() -> Fernet:
    key = hmac.digest(settings.SECRET_KEY.encode(), b"kefu.staff.totp", "sha256")
    return Fernet(base64.urlsafe_b64encode(key))


def totp_address(person: Person, secret: str, issuer: str) -> str:
    """The `otpauth:` address that an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=person.login, issuer_name=issuer)


def totp_step(secret: str, code: str, at: datetime) -> int | None:
    """The 30-second step whose code this is, one step of drift either way; None when it is none of them."""
    now = int(at.timestamp()) // TOTP_SECONDS
    given = code.strip().replace(" ", "")
    totp = pyotp.TOTP(secret)
    matching = [
        step
        for step in (now - 1, now, now + 1)
        if hmac.compare_digest(totp.generate_otp(step), given.zfill(6))
    ]
    return matching[-1] if matching and given.isascii() else None
