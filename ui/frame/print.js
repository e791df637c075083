// A page on paper is as wide as the paper, in light ink, and its foot says what is shown and where it is found. Everything is
// made ready at beforeprint, because nothing that waits is drawn any more then; instruments hear "lab-paper" and draw themselves.
(() => {
  if (window.labPrints) return;
  window.labPrints = true;
  const LONGEST = 60; // letters of one setting
  const HIGHEST = 300; // pixels to which a chart may grow
  const ZOOM = 0.75; // print.css
  const PAGE = (273 / 25.4) * 96 / ZOOM; // pixels of height on a sheet of A4
  const SMALLEST = 0.5;
  const root = document.documentElement;
  const undo = [];
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

  // Plotly draws later than a printer waits, so its drawing is scaled to the paper.
  const chart = (plot) => {
    const drawing = plot.querySelector(".svg-container");
    const room = plot.closest(".stPlotlyChart")?.clientWidth;
    if (!drawing || !room) return;
    const width = Number(plot.querySelector("svg.main-svg")?.getAttribute("width")) || room;
    set(drawing, "width", `${width}px`);
    set(drawing, "zoom", Math.min(room / width, Math.max(1, HIGHEST / drawing.offsetHeight)));
  };

  const writeFoot = () => {
    const foot = document.querySelector(".lab-print");
    if (!foot) return;
    foot.querySelector(".lab-print-settings").textContent = settings();
    foot.querySelector(".lab-print-address").textContent = window.location.href;
    foot.querySelector(".lab-print-code").innerHTML = code(window.location.href);
  };

  // Asked for at once and waited for: only now is it known what is printed. Without an answer the address alone is there.
  const code = (text) => {
    const request = new XMLHttpRequest();
    try {
      request.open("GET", `qr.svg?${new URLSearchParams({ text })}`, false);
      request.send();
    } catch { return ""; }
    return request.status === 200 && request.getResponseHeader("Content-Type").startsWith("image/svg") ? request.responseText : "";
  };

  // A lesson takes one sheet if it nearly does, and never more than two.
  const fit = () => {
    if (!document.querySelector(".st-key-lab_lesson, .st-key-training_room, .st-key-lab_slips")) return;
    const sheets = document.querySelector(".stMainBlockContainer").scrollHeight / PAGE;
    const room = sheets <= 1.2 ? 0.9 : 1.85; // what breaks leave empty is not used
    if (sheets > room) set(root, "--lab-zoom", Math.max(SMALLEST, (ZOOM * room) / sheets));
  };

  window.addEventListener("beforeprint", () => {
    const [r, g, b] = getComputedStyle(document.querySelector(".stApp")).backgroundColor.match(/[\d.]+/g).map(Number);
    root.classList.toggle("lab-dark", 0.3 * r + 0.59 * g + 0.11 * b < 128);
    root.classList.add("lab-printing");
    window.dispatchEvent(new Event("lab-paper"));
    for (const plot of document.querySelectorAll(".js-plotly-plot")) chart(plot);
    writeFoot();
    fit();
  });
  window.addEventListener("afterprint", () => {
    while (undo.length) undo.pop()();
    root.classList.remove("lab-printing", "lab-dark");
    window.dispatchEvent(new Event("lab-screen"));
  });
})();
