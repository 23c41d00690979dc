"""The language of a text: by its script, and for Latin letters by a few signs that don't deceive."""

from __future__ import annotations

import re

_SAMPLE = 1_000  # code points: enough to tell, and cheap

#: English words that no other language in Latin letters uses so often together.
_ENGLISH = (" the ", " of ", " and ", " with ", " that ", " from ")
# Letters that only Vietnamese uses: composed, or as the combining signs of NFD; U+1E00 to U+1EFF are counted apart.
_VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u0309\u031b\u0323]")
# Frequent characters of which each way of writing Chinese has its own.
_SIMPLIFIED = re.compile(
    "[们这国会说时为来对发经现过还应开长问东车马门见贝电风飞龙学实点关与头业产义乐书买诈骗报讯园运]"
)
_TRADITIONAL = re.compile(
    "[們這國會說時為來對發經現過還應開長問東車馬門見貝電風飛龍學實點關與頭業產義樂書買詐騙報訊園運]"
)
_HAN = bytes(range(0x34, 0xA0))
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())


def language(text: str) -> str | None:
    """Return the BCP 47 code of the text's language, or null when unsure.

    One of th, lo, km, my, zh-Hans, zh-Hant, zh (its characters don't tell which), vi and en, judged from the first
    1,000 code points. Two scripts in like parts, other scripts, other languages and a short Latin line give null.
    """
    sample = text[:_SAMPLE]
    ascii_only = sample.encode("ascii", "ignore")
    if 20 * len(ascii_only) > 19 * len(sample) and (english := _english(sample)):
        return english
    # In UTF-16 the first byte of a character names its block of 256: scripts are counted at the speed of bytes.count.
    units = sample.encode("utf-16-be", "surrogatepass")
    blocks = units[0::2]
    south_east = blocks.count(0x0E)
    lao = (
        sum(byte >= 0x80 for block, byte in zip(blocks, units[1::2], strict=True) if block == 0x0E) if south_east else 0
    )
    scripts = {
        "th": south_east - lao,
        "lo": lao,
        "km": blocks.count(0x17),
        "my": blocks.count(0x10),
        # One Chinese character says as much as two or three letters.
        "zh": 3 * (len(blocks) - len(blocks.translate(None, _HAN))),
    }
    code = max(scripts, key=lambda script: scripts[script])
    if not scripts[code]:
        return _english(sample) or _vietnamese(sample, blocks)
    letters = len(ascii_only.translate(None, _NO_LETTERS))
    if 3 * scripts[code] < 2 * (sum(scripts.values()) + letters):
        # A name in its own script within an English text does not change the language of the text.
        return _english(sample) if 8 * sum(scripts.values()) < letters else None
    return _chinese(sample) if code == "zh" else code


def _english(sample: str) -> str | None:
    counts = [sample.count(word) for word in _ENGLISH]
    enough = 20 * sum(counts) > sample.count(" ") and sum(map(bool, counts)) >= 3
    return "en" if enough else None


def _vietnamese(sample: str, blocks: bytes) -> str | None:
    signs = blocks.count(0x1E) + len(_VIETNAMESE.findall(sample))
    return "vi" if signs >= 4 and 25 * signs > len(sample) - sample.count(" ") else None


def _chinese(sample: str) -> str | None:
    # Two or more Japanese kana: that is no Chinese.
    if len(re.findall("[\u3041-\u30fa]", sample)) > 1:
        return None
    simplified, traditional = len(_SIMPLIFIED.findall(sample)), len(_TRADITIONAL.findall(sample))
    if max(simplified, traditional) < 2 or 4 * min(simplified, traditional) > max(simplified, traditional):
        return "zh"
    return "zh-Hans" if simplified > traditional else "zh-Hant"
