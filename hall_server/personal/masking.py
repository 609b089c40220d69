"""How much of a person others may see (domain.md 9)."""

import re

_COMPANY = re.compile(
    r"公司|企业|合作社|中心|协会|学校|医院|银行|事务所|集团|工厂|商行|经营部|\b(?:Ltd|Inc|LLC|Company)\b", re.IGNORECASE
)


def masked_name(name: str, *, companies_in_full: bool = True) -> str:
    """The first character and one star, whatever the length: 张三丰 → 张*. Companies in full when the hall wants it."""
    name = name.strip()
    if not name or (companies_in_full and _COMPANY.search(name)):
        return name
    return f"{name[0]}*"


def masked_phone(phone: str) -> str:
    """The first three and the last four digits; of short ones only the last two."""
    phone = "".join(phone.split())
    if len(phone) < 11:
        return "*" * max(0, len(phone) - 2) + phone[-2:]
    return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}"


def masked_id_number(number: str, *, first: int = 1, last: int = 1) -> str:
    """The first and last few characters by role; never more than half of it in the clear."""
    number = "".join(number.split())
    if (first + last) * 2 > len(number):
        return "*" * len(number)
    return number[:first] + "*" * (len(number) - first - last) + number[len(number) - last :]
