"""A made-up brief: invented names, events and outlets, in the scripts that the program must carry."""

from __future__ import annotations

import pytest

from casefile.brief.outline import (
    Brief,
    ChronologyRow,
    Citation,
    Finding,
    Sentence,
    SourceRow,
    Spelling,
    TagRow,
)


def _sources() -> tuple[SourceRow, ...]:
    return (
        SourceRow(
            1,
            "MV-0001",
            "Harbour police clear a fraud floor above the night market",
            origin="Coastal Press Agency",
            publisher="The Lantern",
            published="3 May 2024",
            captured="2024-05-04T02:10:00+00:00",
            received="2024-05-04T06:30:12+00:00",
            letter="B",
            digit="2",
            graded="Coastal Press Agency",
            sha256="9f2c" * 16,
            media_type="text/html",
        ),
        SourceRow(
            2,
            "MV-0002",
            "ตำรวจเมืองท่าแถลงผลการตรวจค้นอาคารริมน้ำ",
            publisher="หนังสือพิมพ์คลื่นลม",
            published="May 2024",
            received="2024-05-21T09:00:00+00:00",
            letter="C",
            graded="หนังสือพิมพ์คลื่นลม",
            sha256="07ab" * 16,
            media_type="application/pdf",
        ),
        SourceRow(
            3,
            "MV-0003",
            "ការិយាល័យកំពង់ផែបដិសេធសេចក្តីរាយការណ៍",
            origin="Port Office of Veal Sar",
            published="not before 20 June 2024",
            received="2024-06-25T11:45:00+00:00",
            sha256="be11" * 16,
            marking="TLP:GREEN",
            media_type="text/plain",
        ),
        SourceRow(
            4,
            "MV-0004",
            "港口诈骗案：三人被起诉 & <更多> 🙂",
            letter="F",
            digit="6",
            received="2024-07-01T00:00:00+00:00",
            sha256="44dd" * 16,
            marking="TLP:AMBER",
            media_type="text/plain",
        ),
    )


def _findings() -> tuple[Finding, ...]:
    return (
        Finding(
            "The floor had been in use for at least eight months before the search.",
            "The lease, signed in September, “covers floors 4 & 5”, Captain Dara Somwang said, <not> the roof.",
            Citation(1, 812, 909, paragraph=4),
            attributed="Coastal Press Agency, via The Lantern",
            language="en",
        ),
        Finding(
            "",
            "เจ้าหน้าที่พบโทรศัพท์ 214 เครื่อง และบัญชีธนาคาร 61 บัญชี (ชุด “คลื่นลม 2”)",
            Citation(2, 120, 196, paragraph=2, page=3),
            attributed="หนังสือพิมพ์คลื่นลม",
            language="th",
        ),
        Finding(
            "The Port Office denies that anybody was held; it does not deny the search itself.",
            "ការិយាល័យសូមបដិសេធថា មិនមានអ្នកណាម្នាក់ត្រូវបានឃុំខ្លួនឡើយ។\n\n\nThe office will answer in writing.",
            Citation(3, 40, 151, paragraph=1),
            attributed="Port Office of Veal Sar",
            language="km",
        ),
        Finding(
            "Three people are before the court; all three names are disputed.",
            "林小舟（Lin Xiaozhou）与两名同伙于7月1日被起诉。😀👮🏽‍♀️ Cafe\u0301 Azur was their office.",
            Citation(4, 9, 77, paragraph=6),
            language="zh-CN",
        ),
        Finding(
            "A second lease exists.",
            "a second lease, for the boathouse, was found in a drawer",
            Citation(1, 1400, 1456, paragraph=9),
            attributed="Coastal Press Agency, via The Lantern",
            language="en",
        ),
    )


@pytest.fixture
def brief() -> Brief:
    return Brief(
        number="MV-B-0007",
        title="The harbour fraud floor: who ran it, and what the port office denies",
        marking="TLP:AMBER",
        as_of="2024-07-02T08:15:00+00:00",
        author="Mara Veldt",
        reference="Night Market",
        issue=2,
        bottom_line=(
            Sentence(
                "One group rented the harbour floor for eight months and three of its members are before the court.",
                (Citation(1, 812, 909, paragraph=4), Citation(4, 9, 77, paragraph=6)),
            ),
            Sentence("The port office’s denial does not touch the search; it will probably be withdrawn."),
        ),
        findings=_findings(),
        chronology=(
            ChronologyRow(
                "3 May 2024",
                "Harbour police clear a fraud floor above the night market",
                "MV-0001",
                1,
                printed="FRIDAY, MAY 3, 2024",
                basis="stated",
            ),
            ChronologyRow(
                "May 2024",
                "ตำรวจเมืองท่าแถลงผลการตรวจค้นอาคารริมน้ำ",
                "MV-0002",
                2,
                printed="พ.ค. 2567",
                basis="stated",
            ),
            ChronologyRow(
                "not before 20 June 2024",
                "ការិយាល័យកំពង់ផែបដិសេធសេចក្តីរាយការណ៍",
                "MV-0003",
                3,
                basis="inferred from a date that it cites",
            ),
            ChronologyRow("", "港口诈骗案：三人被起诉 & <更多> 🙂", "MV-0004", 4),
        ),
        tags=(
            TagRow("operation", "Operation Quiet Tide", (Spelling("Quiet Tide", 2), Spelling("ปฏิบัติการน้ำนิ่ง", 1)), 5),
            TagRow(
                "person",
                "Lin Xiaozhou",
                (Spelling("Lin Xiaozhou", 1), Spelling("林小舟", 1), Spelling("Lin Xiao Zhou", 2)),
                9,
            ),
            TagRow("person", "Dara Somwang", (Spelling("Capt. Dara Somwang", 1), Spelling("ดารา สมหวัง", 1)), 4),
            TagRow("agency", "Port Office of Veal Sar", (Spelling("ការិយាល័យកំពង់ផែវាលស", 1),), 3),
            TagRow("boat", "Ngọc Ánh 12", (Spelling("Ngo\u0323c A\u0301nh 12", 1),), 1),
        ),
        sources=_sources(),
    )
