"""Fonts: found by folder, never the machine's; a missing glyph fails with the character and its place."""

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from povkit.report import ReportOptions, find_fonts, write_report
from povkit.report.fonts import check_characters, missing_characters
from povkit.vocab import InputError, PovkitError, RunError

RARE = "\U00020bb7"


def test_the_fonts_that_come_along_cover_every_part():
    fonts = find_fonts()
    assert fonts.families() == {"body": ["Noto Serif SC"], "heading": ["Noto Sans SC"], "title": ["Noto Serif SC"]}
    assert missing_characters(["犇镕喆堃赟䶮 Ægir 3,500 元—“”"], fonts) == set()


def test_a_folder_without_a_usable_font_is_refused(tmp_path):
    with pytest.raises(InputError, match="no font that a report can use"):
        find_fonts(tmp_path)
    with pytest.raises(InputError, match="is not a folder"):
        find_fonts(tmp_path / "nowhere")


def tiny_font(path, family, characters):
    """A font of empty squares with that family's name."""
    glyphs = [".notdef", *(f"u{ord(char):04X}" for char in characters)]
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((0, 700), (700, 700), (700, 0)):
        pen.lineTo(point)
    pen.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap({ord(char): glyph for char, glyph in zip(characters, glyphs[1:], strict=True)})
    builder.setupGlyf(dict.fromkeys(glyphs, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (1000, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": f"{family}-Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)


def test_the_user_s_own_font_comes_first_and_ours_stands_behind(tmp_path):
    for name, family in (("fang.ttf", "FangSong_GB2312"), ("hei.ttf", "SimHei"), ("song.ttf", "FZXiaoBiaoSong-B05S")):
        tiny_font(tmp_path / name, family, f"贫{RARE}")
    fonts = find_fonts(tmp_path)
    assert fonts.families() == {
        "body": ["FangSong_GB2312", "Noto Serif SC"],
        "heading": ["SimHei", "Noto Sans SC"],
        "title": ["FZXiaoBiaoSong-B05S", "Noto Serif SC"],
    }
    assert missing_characters([f"困{RARE}"], fonts) == set()
    assert missing_characters([RARE], find_fonts()) == {RARE}


def test_a_report_set_in_the_user_s_font_holds_that_font(made_up, tmp_path):
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    tiny_font(fonts / "fang.ttf", "FangSong", "贫困户")
    found = made_up.table([made_up.finding("I02", 1)])
    path = write_report(tmp_path, found, made_up.summary(found), {}, ReportOptions(fonts=fonts))[0]
    assert b"+FangSong" in path.read_bytes()


def test_characters_without_shape_by_design_are_let_through():
    assert missing_characters(["a\u200bb\ufe0f\n\t"], find_fonts()) == set()


def test_the_fault_names_the_character_and_where_it_stands():
    document = {
        "sections": [{"heading": "四、清单", "blocks": [{"rows": [["阿旺镇", "8530", f"某{RARE}"], ["x", "y", RARE]]}]}]
    }
    with pytest.raises(RunError) as caught:
        check_characters(document, find_fonts())
    (fault,) = caught.value.faults
    assert fault.where == ("四、清单", "阿旺镇 · 8530")
    assert f"{RARE!r} (U+20BB7" in fault.what


def test_a_report_with_a_missing_glyph_writes_nothing(made_up, tmp_path):
    found = made_up.table(
        [made_up.finding("I02", 1, subject=f"{RARE}某"), made_up.finding("I02", 2, township=f"{RARE}镇")]
    )
    (tmp_path / "report.pdf").write_bytes(b"earlier")
    with pytest.raises(PovkitError, match=r"U\+20BB7"):
        write_report(tmp_path, found, made_up.summary(found), made_up.provenance(), ReportOptions())
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("report.pdf", b"earlier")]


def test_a_rare_character_that_masking_hides_does_no_harm(made_up, tmp_path):
    found = made_up.table([made_up.finding("I02", 1, subject=f"张{RARE}")])
    written = write_report(tmp_path, found, made_up.summary(found), made_up.provenance())
    assert all(path.stat().st_size for path in written)
