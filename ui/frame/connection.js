// What a learner hears when the server is away, and what happens when it is back: window.labConnection({ lost, gone }).
(() => {
  if (window.labConnection) return;
  const PATIENCE = 1500; // milliseconds: a short gap is nobody's business
  const STREAMLITS = "Connection error"; // the title of its dialog, which would lie over what still works
  const CONNECTED = "CONNECTED", FOREVER = "DISCONNECTED_FOREVER";
  const RERUN = { key: "r", code: "KeyR", keyCode: 82, which: 82, bubbles: true };
  let texts = {}, app = null, since = null, timer = 0, bar = null;

  const show = (text) => {
    if (!bar) {
      bar = Object.assign(document.createElement("div"), { className: "lab-lost" });
      bar.setAttribute("role", "status");
    }
    if (!bar.isConnected) app.append(bar);
    if (bar.textContent !== (text ?? "")) bar.textContent = text ?? "";
  };

  // Streamlit sends nothing while it is away and does not say it again: what was moved meanwhile goes with the next run, so one
  // is asked for. Its own key does that, on every page and for all that was moved.
  const catchUp = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (app.dataset.testConnectionState === CONNECTED) document.body.dispatchEvent(new KeyboardEvent("keydown", RERUN));
      document.body.dispatchEvent(new KeyboardEvent("keyup", RERUN));
    });
  };

  const look = () => {
    const state = app.dataset.testConnectionState;
    if (state === CONNECTED) {
      if (since === null) return;
      since = null;
      show();
      catchUp();
    } else if (state === FOREVER) show(texts.gone);
    else if (since === null) {
      since = performance.now();
      timer = setTimeout(() => { if (since !== null) show(texts.lost); }, PATIENCE);
    }
  };

  const focused = () => {
    let node = document.activeElement;
    while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
    return node;
  };
  let last = null; // what had the focus outside of dialogs
  document.addEventListener("focusin", ({ target }) => { if (!target.closest?.('[role="dialog"]')) last = focused(); }, true);

  const closeTheirs = () => {
    if (since === null) return;
    for (const dialog of document.querySelectorAll('[role="dialog"]')) {
      const title = dialog.querySelector("h1, h2, header, [data-testid=stDialogHeader]") ?? dialog;
      if (!title.textContent.trim().startsWith(STREAMLITS)) continue;
      const before = last;
      dialog.querySelector("button[aria-label]")?.click();
      const back = setInterval(() => { // it fades before it lets go of the focus
        if (dialog.isConnected) return;
        clearInterval(back);
        setTimeout(() => { if (document.activeElement === document.body) before?.focus?.({ preventScroll: true }); });
      }, 50);
    }
  };

  window.labConnection = (wanted) => {
    texts = wanted;
    const here = document.querySelector(".stApp");
    if (app === here) return;
    app = here;
    new MutationObserver(look).observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
    new MutationObserver(closeTheirs).observe(document.body, { childList: true, subtree: true });
  };
})();
