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
