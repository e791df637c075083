// A page on paper is as wide as the paper, in light ink, and its foot says what is shown and where it is found. Everything is
// made ready at beforeprint, because nothing that waits is drawn any more then; instruments hear "lab-paper" and draw themselves.
(() => {
  if (window.labPrints) return;
  window.labPrints = true;
  const LONGEST = 60; // letters of one setting
  const HIGHEST = 400; // pixels to which a chart may grow
  const ZOOM = 0.75; // print.css
  const PAGE = (273 / 25.4) * 96 / ZOOM; // pixels of height on a sheet of A4
  const SMALLEST = 0.5;
  const MARKS = { true: "✓", false: "" };
  const root = document.documentElement;
  const undo = [];
  const wake = (media) => { for (const rules of document.querySelectorAll(".lab-paper")) rules.media = media; };
  const set = (node, name, value) => {
    const before = node.style.getPropertyValue(name);
    const priority = node.style.getPropertyPriority(name);
    undo.push(() => node.style.setProperty(name, before, priority));
    node.style.setProperty(name, value);
  };

  // What the address says and is not the standard, by the names that Python tells (`sharing.name_on_paper`); the rest is for no reader.
  const settings = (pair) => {
    const page = window.location.pathname.split("/").pop() || "home";
    return [...new URL(window.location.href).searchParams]
      .filter(([name]) => name.startsWith(`${page}_`) && Object.hasOwn(window.labWords ?? {}, name))
      .map(([name, raw]) => {
        const [label, told] = window.labWords[name];
        return said(capital(label), typeof told === "string" ? told : told[raw] ?? readable(raw), pair);
      }).join(" · ");
  };
  const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
  // "Step 8", "Temperature T = 2", "Logits 3, 1, 0", "Data: moons".
  const said = (label, value, pair) => {
    if (label.includes("{value}")) return label.replace("{value}", () => value);
    if (!/^[−\d]/.test(value)) return pair.replace("{label}", () => label).replace("{value}", () => value);
    return /\s\S$/.test(label) ? `${label} = ${value}` : `${label} ${value}`;
  };
  const readable = (raw) => {
    const text = raw.split("~").map((part) => (part.trim() && Number.isFinite(Number(part)) ? String(Number(Number(part).toFixed(4))).replace("-", "−") : part)).join(", ");
    return text.length > LONGEST ? `${text.slice(0, LONGEST).replace(/,[^,]*$/, ",")} …` : text;
  };

  // Plotly draws later than a printer waits, so its drawing is scaled to the paper.
  const chart = (plot) => {
    const drawing = plot.querySelector(".svg-container");
    const room = plot.closest(".lab-chart")?.clientWidth;
    if (!drawing || !room) return;
    const width = Number(plot.querySelector("svg.main-svg")?.getAttribute("width")) || room;
    set(drawing, "width", `${width}px`);
    set(drawing, "zoom", Math.min(room / width, Math.max(1, HIGHEST / drawing.offsetHeight)));
  };

  // A grid that scrolls is drawn on a canvas. Its rows of the moment stand there as a table too, for screen readers: that is printed.
  const grid = (drawing) => {
    const rows = [...drawing.querySelectorAll("canvas tr")].map((row) => [...row.children].map((cell) => cell.textContent));
    if (!rows.length) return;
    const table = document.createElement("table");
    for (const cells of [...rows, ["…"]]) {
      const row = table.insertRow();
      for (const text of cells) row.insertCell().textContent = text && Number.isFinite(Number(text)) ? readable(text) : MARKS[text] ?? text;
    }
    table.className = "lab-grid";
    drawing.after(table);
    undo.push(() => table.remove());
  };

  const writeFoot = () => {
    const foot = document.querySelector(".lab-print");
    if (!foot) return;
    const address = new URL(window.location.href);
    for (const name of foot.dataset.how.split(" ")) address.searchParams.delete(name);
    address.hash = "";
    if (foot.dataset.host) address.hostname = foot.dataset.host.includes(":") ? `[${foot.dataset.host}]` : foot.dataset.host;
    foot.querySelector(".lab-print-settings").textContent = settings(foot.dataset.pair);
    const clean = address.href.replaceAll("%7E", "~");
    foot.querySelector(".lab-print-address").textContent = clean;
    foot.querySelector(".lab-print-code").innerHTML = code(clean);
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

  // Code that scrolls is cut, and a line says so.
  const mark = (code) => {
    if (code.scrollHeight <= code.clientHeight + 5) return;
    const more = Object.assign(document.createElement("p"), { className: "lab-more", textContent: "⋮" });
    set(code, "max-height", `${code.clientHeight}px`);
    code.after(more);
    undo.push(() => more.remove());
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
    wake("all");
    const projector = document.querySelector(".lab-keys ~ style")?.sheet; // paper is no wall
    if (projector) {
      projector.disabled = true;
      undo.push(() => { projector.disabled = false; });
    }
    window.dispatchEvent(new Event("lab-paper"));
    for (const plot of document.querySelectorAll(".js-plotly-plot")) chart(plot);
    for (const drawing of document.querySelectorAll('[data-testid="stDataFrame"]')) grid(drawing);
    for (const code of document.querySelectorAll('[data-testid="stCode"] pre')) mark(code);
    writeFoot();
    fit();
  });
  window.addEventListener("afterprint", () => {
    while (undo.length) undo.pop()();
    root.classList.remove("lab-printing", "lab-dark");
    wake("not all");
    window.dispatchEvent(new Event("lab-screen"));
  });
})();
