// Tells the page around an embedded one how high its content is: only the height, and only when it changes.
(() => {
  if (window.parent === window || window.labTellsHeight || new URL(window.location.href).searchParams.get("embed") !== "true") return;
  window.labTellsHeight = true;
  let told = 0;
  const sizes = new ResizeObserver(() => tell());
  const tell = () => {
    const page = document.querySelector(".stMainBlockContainer");
    if (!page || !document.documentElement.classList.contains("lab-ready")) return;
    const height = Math.ceil(page.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    window.parent.postMessage({ type: "softmax-lab:height", height }, "*");
  };
  const watch = () => {
    const page = document.querySelector(".stMainBlockContainer");
    if (!page || !document.documentElement.classList.contains("lab-ready")) return requestAnimationFrame(watch);
    sizes.observe(page);
  };
  watch();
})();
