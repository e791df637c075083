"""Conditions that tests wait for in place of a fixed time."""

from playwright.sync_api import Page


def painted(page: Page) -> None:
    """Wait until what the hand has done is painted: instruments paint on the next frame."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def settled(page: Page) -> None:
    """Wait until the server has answered and nothing on the page has changed for half a second."""
    page.evaluate(
        """() => new Promise((done, fail) => {
          const running = () => document.querySelector("[data-testid=stApp]").dataset.testScriptState !== "notRunning";
          let timer = 0;
          const end = (outcome) => { clearTimeout(timer); watcher.disconnect(); outcome(); };
          const again = () => {
            clearTimeout(timer);
            timer = setTimeout(() => (running() ? again() : end(done)), 500);
          };
          const watcher = new MutationObserver(again);
          watcher.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
          setTimeout(() => end(() => fail(new Error("the page did not come to rest"))), 20000);
          again();
        })"""
    )
