// Shows a page that has just been loaded once its parts stand: every element has its code, every instrument has painted.
(() => {
  const root = document.documentElement;
  if (root.classList.contains("lab-ready")) return;
  const MOST = 2000; // milliseconds to wait; what is late then comes in the place that is reserved for it
  const STILL = 3; // frames of the same height
  const begin = performance.now();
  const empty = (host) => !host.shadowRoot?.querySelector("[data-instrument]")?.offsetHeight;
  let height = -1, still = 0;
  const look = () => {
    const page = document.querySelector(".stMainBlockContainer");
    const now = page?.scrollHeight ?? 0;
    const waiting = !page || page.querySelector('[data-testid="stSkeleton"]')
      || [...page.querySelectorAll('[data-testid="stBidiComponentIsolated"]')].some(empty);
    still = !waiting && now === height ? still + 1 : 0;
    height = now;
    if (still >= STILL || performance.now() - begin > MOST) root.classList.add("lab-ready");
    else requestAnimationFrame(look);
  };
  look();
})();
