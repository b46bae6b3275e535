"""What remains to be seen of a value that is not to be read: enough to recognise it, too little to use it."""

import re

STARS = "****"


def mask_number(digits: str) -> str:
    """A telephone number, identity number or account: its first three and last four characters, 138****1234."""
    text = digits.strip()
    if len(text) >= 11:
        return text[:3] + STARS + text[-4:]
    return text[: len(text) // 4] + STARS + (text[-2:] if len(text) > 4 else "")


def mask_email(address: str) -> str:
    """The domain and the beginning of the name: zh***@corp.cn."""
    name, at, domain = address.rpartition("@")
    return name[: min(2, len(name) // 2)] + "***" + at + domain if at else mask_text(address)


_REGION = re.compile(r"^(?:.{2,6}?(?:省|自治区|特别行政区)|内蒙古|黑龙江)?(?:.{2,7}?(?:市|地区|自治州|盟))?")


def mask_address(address: str) -> str:
    """Province and city; nothing of the street."""
    found = _REGION.match(address.strip())
    return (found[0] if found else "") + STARS


def mask_text(text: str) -> str:
    """The first character of anything longer than one."""
    return (text[0] if len(text) > 1 else "") + STARS
