// A page inside another one stays there: its links open the whole page beside it. And it tells the page around it how high its
// content is: only the height, and only when it changes.
(() => {
  if (window.labTellsHeight || new URL(window.location.href).searchParams.get("embed") !== "true") return;
  document.documentElement.classList.add("lab-embedded"); // for what lies outside of Streamlit's own element
  if (window.parent === window) return;
  window.labTellsHeight = true;
  window.addEventListener("click", (event) => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement && node.href);
    if (!link || link.target === "_blank" || link.hasAttribute("download")) return;
    const [here, there] = [new URL(window.location.href), new URL(link.href)];
    if (there.origin !== here.origin || (there.hash && there.pathname === here.pathname)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const lang = here.searchParams.get("lang");
    if (lang && !there.searchParams.has("lang")) there.searchParams.set("lang", lang);
    there.searchParams.delete("embed");
    window.open(there, "_blank", "noopener");
  }, true);
  const OFTEN = 200; // milliseconds; panels come and go with the elements that an observer would watch
  let told = 0;
  setInterval(() => {
    const page = document.querySelector(".st-key-lab_page");
    if (!page || !document.documentElement.classList.contains("lab-ready")) return;
    const { paddingTop, paddingBottom } = getComputedStyle(page.closest(".stMainBlockContainer"));
    const height = Math.ceil(page.getBoundingClientRect().height + parseFloat(paddingTop) + parseFloat(paddingBottom));
    if (height === told) return;
    told = height;
    window.parent.postMessage({ type: "softmax-lab:height", height }, "*");
  }, OFTEN);
})();
