// A page on paper is as wide as the paper, in light ink, and its foot says what is shown and where it is found. Everything is
// made ready at beforeprint, because nothing that waits is drawn any more then; instruments redraw themselves after this.
(() => {
  if (window.labPrints) return;
  window.labPrints = true;
  const LONGEST = 60; // letters of one setting
  const LARGEST = 1.3; // a small chart grows by no more than this
  const root = document.documentElement;
  const undo = [];
  let isDark = false;
  const set = (node, name, value) => {
    const before = node.style.getPropertyValue(name);
    const priority = node.style.getPropertyPriority(name);
    undo.push(() => node.style.setProperty(name, before, priority));
    node.style.setProperty(name, value);
  };

  // What the address says and is not the standard: in words where Python has some (ui/frame/sharing.py), else as it stands there.
  const settings = () => {
    const page = window.location.pathname.split("/").pop() || "home";
    const words = window.labWords ?? {};
    return [...new URL(window.location.href).searchParams]
      .filter(([name]) => name.startsWith(`${page}_`) && !name.startsWith(`${page}_challenge_`))
      .map(([name, value]) => (words[name] ? `${words[name][0]}: ${words[name][1]}` : `${name.slice(page.length + 1)} = ${value}`))
      .map((text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)).join(" · ");
  };

  // Plotly draws later than a printer waits, so its drawing is scaled to the paper, and from dark ink to light.
  const chart = (plot) => {
    const drawing = plot.querySelector(".svg-container");
    const room = plot.closest(".stElementContainer, .stPlotlyChart")?.clientWidth;
    if (!drawing || !room) return;
    set(drawing, "zoom", Math.min(LARGEST, room / drawing.offsetWidth));
    if (!isDark) return;
    for (const node of plot.querySelectorAll("svg *")) {
      for (const name of ["fill", "stroke", "color"]) {
        const light = lightOf(node.style.getPropertyValue(name));
        if (light) set(node, name, light);
      }
    }
  };

  const INKS = new Map(/*inks*/);
  const lightOf = (color) => {
    const [r, g, b, alpha] = color.match(/[\d.]+/g)?.map(Number) ?? [];
    const light = INKS.get([r, g, b].join());
    return light && (alpha === undefined ? `rgb(${light})` : `rgba(${light},${alpha})`);
  };

  const writeFoot = () => {
    const foot = document.querySelector(".lab-print");
    if (!foot) return;
    foot.querySelector(".lab-print-settings").textContent = settings();
    foot.querySelector(".lab-print-address").textContent = window.location.href;
  };

  window.addEventListener("beforeprint", () => {
    const [r, g, b] = getComputedStyle(document.querySelector(".stApp")).backgroundColor.match(/[\d.]+/g).map(Number);
    isDark = 0.3 * r + 0.59 * g + 0.11 * b < 128;
    root.classList.add("lab-printing");
    root.classList.toggle("lab-dark", isDark);
    window.addEventListener("beforeprint", writeFoot, { once: true }); // after the instruments, which may write the address
    for (const plot of document.querySelectorAll(".js-plotly-plot")) chart(plot);
  }, true);
  window.addEventListener("afterprint", () => {
    while (undo.length) undo.pop()();
    root.classList.remove("lab-printing", "lab-dark");
  }, true);
})();
