// Shows a page that has just been loaded once its parts in view stand: every element has its code, every instrument has painted.
// A page asks for it when its last element has come.
window.labShow = () => {
  const root = document.documentElement;
  if (root.classList.contains("lab-ready")) return;
  const MOST = 6000; // milliseconds to wait on a slow line
  const STILL = 3; // frames of the same height
  const begin = performance.now();
  // A grid of rows has its height before its code has arrived: nobody has to wait for it.
  const unreserved = (skeleton) => !skeleton.closest(".stElementContainer")?.getAttribute("height")?.endsWith("px");
  // One that the width of the screen hides has no box.
  const empty = (host) => host.getClientRects().length > 0 && !host.shadowRoot?.querySelector("[data-instrument]")?.offsetHeight;
  // What the learner has to scroll to moves nothing that is seen.
  const inView = (node) => node.getBoundingClientRect().top < window.innerHeight;
  let height = -1, still = 0;
  const look = () => {
    const page = document.querySelector(".stMainBlockContainer");
    const now = page?.scrollHeight ?? 0;
    const waiting = !page || [...page.querySelectorAll('[data-testid="stSkeleton"]')].some((part) => unreserved(part) && inView(part))
      || [...page.querySelectorAll('[data-testid="stBidiComponentIsolated"]')].some((part) => empty(part) && inView(part));
    still = !waiting && now === height ? still + 1 : 0;
    height = now;
    if (still >= STILL || performance.now() - begin > MOST) root.classList.add("lab-ready");
    else requestAnimationFrame(look);
  };
  look();
};
