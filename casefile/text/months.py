"""Names of months and weekdays as articles of the region print them: English, Thai, Lao, Khmer, Burmese, Vietnamese.

Patterns are pieces for `dates`; they hold no groups. Thai abbreviations keep their inner full stop, because without it
they begin ordinary words (the abbreviation of November begins the word for witness).
"""

from __future__ import annotations

import re
import unicodedata

_ENGLISH = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_THAI = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
]
_THAI_SHORT = ["ม.ค", "ก.พ", "มี.ค", "เม.ย", "พ.ค", "มิ.ย", "ก.ค", "ส.ค", "ก.ย", "ต.ค", "พ.ย", "ธ.ค"]
_LAO = ["ມັງກອນ", "ກຸມພາ", "ມີນາ", "ເມສາ", "ພຶດສະພາ", "ມິຖຸນາ", "ກໍລະກົດ", "ສິງຫາ", "ກັນຍາ", "ຕຸລາ", "ພະຈິກ", "ທັນວາ"]
_KHMER = ["មករា", "កុម្ភៈ", "មីនា", "មេសា", "ឧសភា", "មិថុនា", "កក្កដា", "សីហា", "កញ្ញា", "តុលា", "វិច្ឆិកា", "ធ្នូ"]
_BURMESE = ["ဇန်နဝါရီ", "ဖေဖော်ဝါရီ", "မတ်", "ဧပြီ", "မေ", "ဇွန်", "ဇူလိုင်", "ဩဂုတ်", "စက်တင်ဘာ", "အောက်တိုဘာ", "နိုဝင်ဘာ", "ဒီဇင်ဘာ"]

_BY_NAME: dict[str, int] = {"កុម្ភះ": 2, "សြဂုတ်": 8}
for _names in (_THAI, _THAI_SHORT, _LAO, _KHMER, _BURMESE):
    _BY_NAME.update({_name: _number for _number, _name in enumerate(_names, 1)})

#: A month in Latin letters, whole or cut to three or four; never the beginning of a longer word.
LATIN = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?![^\W\d_])"
)
#: A month in another script.
OTHER = "(?:" + "|".join(re.escape(_name) for _name in sorted(_BY_NAME, key=len, reverse=True)) + ")"
BURMESE = "(?:" + "|".join([*_BURMESE, "သြဂုတ်"]) + ")"

_WEEKDAYS_ENGLISH = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WEEKDAYS: dict[str, int] = {"พฤหัส": 3, "天": 6}
for _names in (
    ["จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์"],
    ["ຈັນ", "ອັງຄານ", "ພຸດ", "ພະຫັດ", "ສຸກ", "ເສົາ", "ອາທິດ"],
    ["ចន្ទ", "អង្គារ", "ពុធ", "ព្រហស្បតិ៍", "សុក្រ", "សៅរ៍", "អាទិត្យ"],
    ["thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật"],
    ["一", "二", "三", "四", "五", "六", "日"],
):
    _WEEKDAYS.update({_name: _number for _number, _name in enumerate(_names)})

_HAN_WEEKDAY = r"(?:星期|礼拜|禮拜|周|週)[一二三四五六日天]"
_PLAIN_WEEKDAYS = sorted((name for name in _WEEKDAYS if len(name) > 1), key=len, reverse=True)
#: A weekday in any of the languages; Vietnamese composed or decomposed.
WEEKDAY = (
    r"(?:(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?(?![^\W\d_])\.?|(?:วัน|ວັນ|ថ្ងៃ)?(?:"
    + "|".join(form for name in _PLAIN_WEEKDAYS for form in dict.fromkeys((name, unicodedata.normalize("NFD", name))))
    + ")|"
    + _HAN_WEEKDAY
    + ")"
)


def month(name: str) -> int:
    """Return 1 to 12 for a name that `LATIN` or `OTHER` has matched."""
    number = _BY_NAME.get(name)
    return number or next(i for i, full in enumerate(_ENGLISH, 1) if full.startswith(name[:3].lower()))


def weekday(printed: str) -> int:
    """Return 0 (Monday) to 6 for a weekday that `WEEKDAY` has matched."""
    name = unicodedata.normalize("NFC", printed).lower()
    if name[:3] in _WEEKDAYS_ENGLISH:
        return _WEEKDAYS_ENGLISH.index(name[:3])
    for prefix in ("วัน", "ວັນ", "ថ្ងៃ", "星期", "礼拜", "禮拜", "周", "週"):
        name = name.removeprefix(prefix)
    return _WEEKDAYS[name]
