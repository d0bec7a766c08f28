"""Every mail in Chromium, on a phone and on a desk. `KHCN_SCREENSHOTS=FOLDER` keeps pictures."""

import os
from pathlib import Path

import pytest

from notifications.messages import Event
from notifications.samples import samples
from notifications.templating import render

pytestmark = pytest.mark.browser

PHONE, DESK = (360, 640), (900, 800)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("event", list(Event))
def test_nothing_is_wider_than_the_screen_and_the_button_is_on_the_first(chromium, event, size):
    width, height = size
    page = chromium.new_page(viewport={"width": width, "height": height})
    context = samples(event)[0]
    page.set_content(render(event, context).html)
    if folder := os.environ.get("KHCN_SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / f"{event}-{width}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    button = page.locator(f'a[href="{context["link"]}"]').first.bounding_box()
    assert button["y"] + button["height"] <= height
    page.close()


def test_the_bars_of_the_funnel_are_as_long_as_what_they_stand_for(chromium):
    page = chromium.new_page(viewport={"width": DESK[0], "height": DESK[1]})
    context = samples(Event.WEEKLY)[0]
    page.set_content(render(Event.WEEKLY, context).html)
    widths = [cell.bounding_box()["width"] for cell in page.locator('td[bgcolor="#b3261e"]').all()]
    whole = page.locator('td[colspan="2"]').first.bounding_box()["width"]
    shares = [stage["late_share"] for stage in context["stages"] if stage["late_share"]]
    assert widths == pytest.approx([whole * share / 100 for share in shares], abs=2)
    page.close()
