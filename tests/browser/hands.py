"""What a trader's hands do on the page, and where the eyes look."""

import re

from playwright.sync_api import Locator, Page, expect

MARKET, LIMIT, STOP = "Market", "Limit", "Stop"
CHART_LIBRARY = "**/lightweight-charts*"
"""Address of the chart library, in the bundle and in the source."""
NUMBER = re.compile(r"[\d,]+\.\d+")


def row(page: Page, tab: str, text: str) -> Locator:
    """Rows of a tab of the account manager that show a text."""
    return page.locator(f"#{tab} tbody tr:not(.detail, .over)", has_text=text)


def cell(one_row: Locator, title: str) -> Locator:
    """A cell by the title of its column."""
    return one_row.locator(f"td[data-title='{title}']")


def fill_ticket(page: Page, side: str, kind: str, qty: str, limit: str | None = None, **more: str) -> None:
    """Fill in the ticket for the chosen symbol, send it and wait for the answer.

    `more` are other fields by their id behind "ticket-".
    """
    page.locator(f"label.side.{side.lower()}").click()
    page.locator("#ticket-types label").get_by_text(kind, exact=True).click()
    page.locator("#ticket-qty").fill(qty)
    if limit is not None:
        page.locator("#ticket-limit").fill(limit)
    for name, value in more.items():
        page.locator(f"#ticket-{name.replace('_', '-')}").fill(value)
    page.locator("#ticket-submit").click()
    expect(page.locator("#ticket-submit")).to_be_enabled()


def bid(page: Page) -> float:
    """The bid that the ticket shows."""
    price = page.locator("#ticket-bid")
    expect(price).to_have_text(NUMBER)
    return float(price.inner_text().replace(",", ""))


def tag(page: Page, title: str) -> Locator:
    """The tag of a line on the chart."""
    return page.locator("#chart-lines .line-tag", has_text=title)


def drag(page: Page, element: Locator, distance: int) -> None:
    """Drag an element upwards by a number of pixels."""
    box = element.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - distance / 2)
    page.mouse.move(x, y - distance)
    page.mouse.up()


def show_tab(page: Page, name: str) -> None:
    """Bring a tab of the account manager to the front."""
    page.locator(f"#tab-{name}").click()
    expect(page.locator(f"#{name}")).to_be_visible()


def save(page: Page, form: str, button: str, **values: str) -> None:
    """Fill in a form below a row, by the labels of its fields (underscores for spaces), and send it."""
    element = page.get_by_role("form", name=form)
    for label, value in values.items():
        element.get_by_label(label.replace("_", " ")).fill(value)
    element.get_by_role("button", name=button).click()
    expect(element).to_have_count(0)


def confirm(page: Page, title: str, button: str) -> None:
    """Answer the question that stands before a command for many."""
    page.get_by_role("dialog", name=title).get_by_role("button", name=button).click()
