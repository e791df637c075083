// Tells the page around an embedded one how high its content is: only the height, and only when it changes.
(() => {
  if (window.parent === window || window.labTellsHeight || new URL(window.location.href).searchParams.get("embed") !== "true") return;
  window.labTellsHeight = true;
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
