// The keys of a presentation. A button in an instrument says in data-key which key presses it, one of Streamlit's in its key.
(() => {
  if (window.labPlay) return;
  const LIST = "softmax-lab:playlist"; // of this tab: { links, at, url }, url the address of links[at]
  const THEME = "softmax-lab:theme"; // of this tab, chosen with L: "light" or "dark"; ui/frame/delivery.py reads it at every load
  const SILENT = "softmax-lab:key-p-off"; // of this browser
  const root = document.documentElement;
  const isOn = () => Boolean(document.querySelector(".lab-keys"));
  // A frame of another site may not keep anything: there this page remembers.
  const memory = new Map();
  const store = (place) => ({
    getItem: (name) => { try { return window[place].getItem(name); } catch { return memory.get(name) ?? null; } },
    setItem: (name, text) => { try { window[place].setItem(name, text); } catch { memory.set(name, text); } },
    removeItem: (name) => { try { window[place].removeItem(name); } catch { memory.delete(name); } },
  });
  const tab = store("sessionStorage");
  const browser = store("localStorage");
  const read = () => { try { return JSON.parse(tab.getItem(LIST)); } catch { return null; } };
  // The page around the links of a list, where this is one of them: present.html.
  const around = () => { try { return window.parent !== window && window.parent.labFull ? window.parent : null; } catch { return null; } };

  const TOLD_FOR = 5000; // milliseconds that a sentence stays
  // A theme in the address is stronger than the one that was chosen; a page that runs alone knows no other.
  const fixTheme = (url, theme) => {
    if (window.labTheme) url.searchParams.delete("embed_options");
    else url.searchParams.set("embed_options", `${theme}_theme`);
  };

  // A whole load, so that each link is what it would be if it were opened alone: in the frame of present.html, which keeps the full screen.
  const open = (links, at) => {
    const url = new URL(links[at].replace(/^home(?=$|\?)/, "./"), window.location.href); // Home has no name in an address
    // It shows what it names: the challenges only where it names one.
    const asks = [...url.searchParams.keys()].some((name) => name.endsWith("_challenge_open"));
    url.searchParams.set("view", asks ? "present" : "show");
    const [lang, theme] = [new URL(window.location.href).searchParams.get("lang"), tab.getItem(THEME)];
    if (lang && !url.searchParams.has("lang")) url.searchParams.set("lang", lang);
    if (theme) fixTheme(url, theme);
    tab.setItem(LIST, JSON.stringify({ links, at, url: url.href }));
    if (around()) window.location.replace(url);
    else window.location.assign(new URL("present.html", window.location.href));
  };
  window.labPlay = () => open(window.labList, 0);
  if (window.labList) window.labPlay(); // it was there before this script

  const turn = (by) => {
    const list = read();
    const at = list ? list.at + by : -1;
    if (!list) return false;
    if (list.links[at]) open(list.links, at);
    else if (by > 0) tellEnd();
    return true;
  };
  let toldUntil = 0;
  const tellEnd = () => {
    const end = document.querySelector(".lab-end");
    clearTimeout(toldUntil);
    end.textContent = "";
    requestAnimationFrame(() => { end.textContent = end.dataset.text; }); // the second press is heard too
    toldUntil = setTimeout(() => { end.textContent = ""; }, TOLD_FOR);
  };
  // Where in the list: present.css writes it.
  const tellPlace = () => {
    const list = read();
    root.classList.toggle("lab-listed", Boolean(list));
    if (!list) return;
    root.style.setProperty("--lab-at", `"${list.at + 1}"`);
    root.style.setProperty("--lab-count", `"${list.links.length}"`);
  };
  tellPlace();
  const forget = () => { tab.removeItem(LIST); tellPlace(); return true; };
  const press = (key) => {
    const hosts = document.querySelectorAll('[data-testid="stBidiComponentIsolated"]');
    const found = [...hosts].flatMap((host) => [...(host.shadowRoot?.querySelectorAll(`[data-key~="${key}"]`) ?? [])]);
    found.push(...document.querySelectorAll(`[class*="st-key-"][class*="-${key}"] button`)); // Streamlit's: `present.pressed_by`
    const button = found.find((node) => !node.disabled && node.checkVisibility({ visibilityProperty: true }));
    button?.click();
    return Boolean(button);
  };
  const theme = () => {
    const isDark = getComputedStyle(document.querySelector(".stApp")).colorScheme === "dark";
    const chosen = isDark ? "light" : "dark";
    const url = new URL(window.location.href);
    tab.setItem(THEME, chosen);
    if (window.labTheme && !url.searchParams.has("embed_options")) {
      window.labTheme(chosen);
      requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector(".st-key-lab_again button")?.click())); // once it is seen
    } else {
      fixTheme(url, chosen);
      window.location.replace(url);
    }
    return true;
  };
  const toggle = (name) => () => { root.classList.toggle(name); return true; };
  // The list stays: whoever comes back goes on where it was left.
  const present = () => {
    root.classList.remove("lab-blank", "lab-list");
    document.querySelector(".st-key-lab_present button")?.click();
    return true;
  };
  const putAway = () => { document.querySelector(".st-key-lab_card_away button")?.click(); return true; }; // Python hides nothing then
  const full = () => {
    if (around()) around().labFull();
    else if (document.fullscreenElement) document.exitFullscreen();
    else root.requestFullscreen().catch(() => {}); // a browser may refuse it
    return true;
  };
  // What is too long for the screen: the part under the pointer, else the instrument to its end and then what stands beside it.
  const SCROLLS = ".st-key-lab_instrument, .st-key-training_left, .st-key-lab_side, .st-key-lab_panel, .st-key-training_column, .stMain";
  const scroll = (way) => {
    const goesOn = (node) => /auto|scroll/.test(getComputedStyle(node).overflowY) && node.checkVisibility({ visibilityProperty: true })
      && (way > 0 ? node.scrollTop + node.clientHeight < node.scrollHeight - 1 : node.scrollTop > 0);
    const found = [...document.querySelectorAll(SCROLLS)].filter(goesOn);
    const node = found.find((one) => one.matches(":hover:not(.stMain)")) ?? found.at(way > 0 ? 0 : -1);
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    node?.scrollBy({ top: way * 0.6 * node.clientHeight, behavior: still ? "auto" : "smooth" });
    return Boolean(node);
  };
  const ACTS = {
    PageDown: () => (read() ? press("Answer") || turn(1) : press("PageDown")), PageUp: () => turn(-1) || press("PageUp"),
    ArrowRight: () => press("ArrowRight"), ArrowLeft: () => press("ArrowLeft"), " ": () => press("Space"),
    ArrowDown: () => scroll(1), ArrowUp: () => scroll(-1), forget,
    b: toggle("lab-blank"), "?": toggle("lab-list"), c: putAway, l: theme, f: full, p: present,
  };

  // Whoever speaks to the machine may have to do without keys of one letter.
  const isSilent = () => browser.getItem(SILENT) !== null;
  const switchKey = () => (isSilent() ? browser.removeItem(SILENT) : browser.setItem(SILENT, "on"));
  document.addEventListener("click", ({ target }) => {
    const act = target.closest?.("[data-act]")?.dataset.act;
    if (act === "switch") switchKey();
    else if (act) ACTS[act]();
  });

  // What has the focus keeps the keys that it uses itself.
  const isTaken = (event) => {
    const node = event.composedPath()[0];
    if (!node.closest) return false;
    // A clicker goes on where somebody has typed a number: one line has no pages.
    if (event.key.startsWith("Page") && node.closest("input:is([type=text], [type=number], :not([type])):not([role=combobox])")) return false;
    if (node.closest("input:not([type=range], [type=checkbox], [type=radio]), textarea, select, [contenteditable], [role=textbox], [role=combobox]")) return true;
    if (event.key === " ") return Boolean(node.closest("button, a, input, summary, [role=button], [role=checkbox]"));
    return event.key !== "?" && event.key.length > 1 && Boolean(node.closest("input, [role=slider], [role=radiogroup], [role=application]"));
  };
  window.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!isOn() && (key !== "p" || isSilent())) return;
    if (root.classList.contains("lab-list")) { // the list is read before anything else goes on
      if (key === "?" || key === "Escape") ACTS["?"]();
      return event.preventDefault();
    }
    if (ACTS[key]?.()) event.preventDefault();
  });
})();
