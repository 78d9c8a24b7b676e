"""The question that a page asks before a form is sent, and what somebody answers.

A seat says yes by itself, as most tests want it; one that looks at the question answers by hand.
"""

from playwright.async_api import Page

SAYS_YES = """
const show = HTMLDialogElement.prototype.showModal;
HTMLDialogElement.prototype.showModal = function () {
  show.call(this);
  if (!sessionStorage.byHand) setTimeout(() => this.querySelector('[value="yes"]').click());
};
"""


async def answer_by_hand(page: Page) -> None:
    """From now on."""
    await page.evaluate("sessionStorage.byHand = 1")


async def answer(page: Page, *, yes: bool) -> str:
    """Answer the question that is asked now; gives its words."""
    dialog = page.get_by_role("dialog")
    question = await dialog.locator("p").inner_text()
    await dialog.locator(f'button[value="{"yes" if yes else "no"}"]').click()
    return question
