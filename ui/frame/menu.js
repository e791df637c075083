// On a narrow screen the menu covers the page: it closes when a lesson has been chosen.
(() => {
  if (window.labMenuCloses) return;
  window.labMenuCloses = true;
  const NARROW = 768; // pixels: there Streamlit lays the menu over the page
  document.addEventListener("click", ({ target }) => {
    if (window.innerWidth > NARROW || !target.closest?.('[data-testid="stSidebarNavLink"]')) return;
    // After Streamlit has heard of the click.
    setTimeout(() => document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click());
  });
})();
// Code and a panel that scroll can be reached by Tab, also in browsers that do not see to it.
(() => {
  if (window.labReaches) return;
  let asked = 0;
  const reach = () => {
    asked = 0;
    for (const part of document.querySelectorAll(".stCode pre:not([tabindex])")) if (part.scrollHeight > part.clientHeight) part.tabIndex = 0;
    for (const panel of document.querySelectorAll(".st-key-lab_panel")) { // in a presentation it scrolls by itself
      const scrolls = panel.scrollHeight > panel.clientHeight && getComputedStyle(panel).overflowY === "auto";
      if (scrolls === panel.hasAttribute("tabindex")) continue;
      if (scrolls) panel.tabIndex = 0;
      else panel.removeAttribute("tabindex");
    }
  };
  let path = window.location.pathname;
  window.labReaches = new MutationObserver(() => {
    asked ||= requestAnimationFrame(reach);
    if (window.location.pathname === path) return;
    // Another page begins at its top. Streamlit leaves it where the one before was, unless that was taken off in between.
    path = window.location.pathname;
    document.querySelector(".stMain")?.scrollTo({ top: 0, behavior: "instant" });
  });
  window.labReaches.observe(document.body, { childList: true, subtree: true });
})();
