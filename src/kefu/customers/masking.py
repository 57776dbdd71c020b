"""Contact points as everybody may see them."""

from __future__ import annotations

from kefu.core.masks import mask_mail, mask_phone, mask_wechat
from kefu.customers.models import ContactPoint

MASKS = {ContactPoint.PHONE: mask_phone, ContactPoint.MAIL: mask_mail, ContactPoint.WECHAT: mask_wechat}


def masked(point: ContactPoint) -> str:
    return MASKS[point.kind](point.value)
