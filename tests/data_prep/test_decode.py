"""Decoding: the right encoding, every byte comes back, and no lone surrogate ever."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_prep.decode import UndecodablePage, decode_page, encode_page
from data_prep.schema import KEPT_BYTES

SIMPLIFIED = "中共中央政治局常务委员会召开会议，分析新冠肺炎疫情形势。3月17日，习近平主持。\n"
TRADITIONAL = "中共中央政治局常務委員會召開會議，分析新冠肺炎疫情形勢。3月17日，習近平主持。\n"


@pytest.mark.parametrize(("codec", "expected"), [
    ("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("gbk", "gb18030"),
    ("big5", "big5hkscs"), ("big5hkscs", "big5hkscs"), ("utf-16", "utf-16-le-sig"), ("utf-16-le", "utf-16-le"),
    ("utf-16-be", "utf-16-be"), ("utf-32", "utf-32-le-sig"), ("utf-32-le", "utf-32-le"), ("utf-32-be", "utf-32-be"),
    ("hz", "hz"),
])
@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL, SIMPLIFIED * 40])
def test_encoding_is_told(codec: str, expected: str, text: str) -> None:
    try:
        raw = text.encode(codec)
    except UnicodeEncodeError:
        pytest.skip(f"{codec} cannot write this text")
    page = decode_page(raw)
    assert (page.text, page.encoding) == (text, expected)
    assert page.evidence
    assert encode_page(page.text, page.encoding) == raw


@pytest.mark.parametrize("length", [6, 12, 24])
@pytest.mark.parametrize("codec", ["gb18030", "big5"])
def test_short_pages_are_told_too(codec: str, length: int) -> None:
    assert decode_page(TRADITIONAL[:length].encode(codec)).text == TRADITIONAL[:length]


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "big5", "utf-16-le", "utf-32-be"])
@pytest.mark.parametrize("cut", [1, 2, 3])
def test_page_cut_in_mid_character_comes_back(codec: str, cut: int) -> None:
    raw = TRADITIONAL.strip().encode(codec)[:-cut]
    page = decode_page(raw)
    assert encode_page(page.text, page.encoding) == raw
    assert page.text[:30] == TRADITIONAL[:30]


def test_utf8_with_a_few_broken_bytes_is_still_utf8() -> None:
    raw = SIMPLIFIED.encode() + b"\xff\xfe" + SIMPLIFIED.encode()
    page = decode_page(raw)
    assert page.encoding == "utf-8"
    assert page.text == SIMPLIFIED + chr(KEPT_BYTES + 0xFF) + chr(KEPT_BYTES + 0xFE) + SIMPLIFIED
    assert encode_page(page.text, page.encoding) == raw


def test_a_declaration_that_lies_is_not_believed() -> None:
    page = decode_page(b"<meta charset=big5>" + (SIMPLIFIED * 5).encode("gb18030"))
    assert page.encoding == "gb18030"
    assert decode_page((SIMPLIFIED * 5).encode("gb18030"), declared="utf-8").encoding == "gb18030"
    assert decode_page(SIMPLIFIED.encode(), declared="gb2312").encoding == "utf-8"


@pytest.mark.parametrize(("raw", "words"), [
    (b"", "empty"), (b" \n\t\r\n", "empty"), (b"\x00" * 40, "empty"),
    (b"%PDF-1.4\n%\xe2\xe3", "PDF"), (b"PK\x03\x04\x14\x00", "ZIP"), (b"\x89PNG\r\n\x1a\n\x00\x00", "PNG"),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"), (bytes(range(256)) * 8, "binary"),
])
def test_what_is_no_text_is_refused_in_one_sentence(raw: bytes, words: str) -> None:
    with pytest.raises(UndecodablePage) as refusal:
        decode_page(raw)
    message = str(refusal.value)
    assert words in message
    assert message.count(".") == 1 and message.endswith(".") and "\n" not in message


def test_one_character_with_two_codes_comes_back_as_it_was() -> None:
    # 兀 is A461 and C94A in Big5; the second does not come back by itself.
    raw = TRADITIONAL.encode("big5") + b"\xc9\x4a" + TRADITIONAL.encode("big5")
    page = decode_page(raw)
    assert encode_page(page.text, page.encoding) == raw


def test_page_that_holds_our_own_signs_for_bytes_comes_back() -> None:
    raw = (SIMPLIFIED + chr(KEPT_BYTES + 0x41) + SIMPLIFIED).encode()
    page = decode_page(raw)
    assert encode_page(page.text, page.encoding) == raw


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=120), st.sampled_from(["utf-8", "gb18030", "big5hkscs", "utf-16-le", "hz"]), st.integers(0, 90))
def test_any_bytes_come_back(noise: bytes, codec: str, at: int) -> None:
    page = TRADITIONAL.encode(codec, "ignore")
    for raw in (noise, page[:at] + noise, page[:at] + noise + page[at:]):
        try:
            decoded = decode_page(raw)
        except UndecodablePage as refusal:
            assert str(refusal).endswith(".")
            continue
        assert encode_page(decoded.text, decoded.encoding) == raw
        decoded.text.encode("utf-8")  # no lone surrogate


@pytest.mark.parametrize("codec", ["gb18030", "big5"])
@pytest.mark.parametrize("filler", ["<div class='a'>\n", "<i>", "QUJD"])
def test_text_behind_much_markup_tells_the_encoding(codec: str, filler: str) -> None:
    for text in (filler * 4000 + TRADITIONAL * 3, TRADITIONAL * 3 + filler * 4000,
                 filler * 4000 + TRADITIONAL * 3 + filler * 4000, TRADITIONAL.strip() * 400):
        assert decode_page(text.encode(codec)).text == text


def test_long_pages_are_told_and_come_back_with_broken_bytes_in_any_place() -> None:
    for codec in ("utf-8", "gb18030", "big5"):
        page = (TRADITIONAL * 300).encode(codec)
        for at in (0, 1, 5, 4000, len(page) // 3 + 1, len(page) // 2 + 1, len(page) - 3):
            raw = page[:at] + b"\xff" + page[at:]
            decoded = decode_page(raw)
            assert encode_page(decoded.text, decoded.encoding) == raw
            assert decoded.text.count("習近平") >= 295, (codec, at)
