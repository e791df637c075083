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
      const title = dialog.querySelector("h1, h2, header") ?? dialog;
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

  // Streamlit takes everything off the page when an answer comes for which it has no place ("Cannot set a node at a delta path"). What
  // is known to bring that about is mended (ui/frame/runs.py); for all else: the address has all of it, so it is loaded again, not for
  // ever, if that does not help.
  const FELL = "softmax-lab:fell", OFTEN = 3, LATELY = 30_000;
  const standAgain = () => {
    if (document.querySelector(".stApp")) return;
    try {
      const times = JSON.parse(sessionStorage.getItem(FELL) ?? "[]").filter((time) => Date.now() - time < LATELY);
      if (times.length >= OFTEN) return;
      sessionStorage.setItem(FELL, JSON.stringify([...times, Date.now()]));
    } catch { return; } // a browser that keeps nothing could do so for ever
    location.reload();
  };
  const root = document.getElementById("root");
  new MutationObserver(() => { if (app && !app.isConnected) setTimeout(standAgain, 100); }).observe(root, { childList: true, subtree: true });

  window.labConnection = (wanted) => {
    texts = wanted;
    const here = document.querySelector(".stApp");
    if (app === here) return;
    app = here;
    new MutationObserver(look).observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
    new MutationObserver(closeTheirs).observe(document.body, { childList: true, subtree: true });
  };
})();
