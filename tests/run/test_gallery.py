"""How a notebook shows pictures of patterns: each as SVG with its note, or why there is none."""

from typing import Any

import pytest
from IPython.display import SVG, Markdown

from povkit.report import Picture
from povkit.run import gallery
from povkit.run.words import StoryWords

DRAWN = Picture(
    "plan", "S5.1", ("K13",), "计划（K13）", "题", "数", "每点一村", "<svg xmlns='http://www.w3.org/2000/svg'/>"
)
ABSENT = Picture("line", "S5.3", ("E13",), "收入（E13）", absent="未画图。缺少：《贫困户信息》")


def test_pictures_come_as_svg_and_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(gallery, "display", shown.append)
    gallery.Gallery((DRAWN, ABSENT), StoryWords())._ipython_display_()
    assert [type(each) for each in shown] == [SVG, Markdown, Markdown]
    assert shown[0].data.startswith("<svg")
    assert "每点一村" in shown[1].data
    assert "收入（E13）：未画图。缺少：《贫困户信息》" in shown[2].data
