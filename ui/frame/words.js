// Streamlit's own words are replaced where they appear: window.labTranslate({ English: the reader's }), empty in English.
(() => {
  if (window.labTranslate) return;
  const ATTRIBUTES = ["aria-label", "title", "placeholder"];
  const NAMED = ATTRIBUTES.map((name) => `[${name}]`).join();
  const TEXTS = '[data-testid="stSkipToContent"], [data-testid="stTopNavSection"] p, [data-testid="stFileUploader"] :is(p, span, small), [role="tooltip"] *, [data-testid="stTooltipContent"] *, [role="listbox"] *, [role="menuitem"], [role="menuitem"] *, .gdg-search-status label';
  const PAUSE = 100; // milliseconds: a page that is being built is looked at a few times, not at each of its elements
  // Whole texts only; one {x} stands for whatever is there.
  const translator = (words) => {
    const open = Object.entries(words).filter(([from]) => from.includes("{x}")).map(([from, to]) => [from.split("{x}"), to]);
    return (text) => {
      if (Object.hasOwn(words, text)) return words[text];
      const found = open.find(([[before, after]]) => text.length > before.length + after.length && text.startsWith(before) && text.endsWith(after));
      if (!found) return null;
      const [[before, after], to] = found;
      return to.replace("{x}", () => text.slice(before.length, text.length - after.length));
    };
  };
  const replace = (translate) => {
    for (const node of document.querySelectorAll(NAMED)) {
      for (const name of ATTRIBUTES) {
        const text = node.getAttribute(name);
        const other = text && translate(text);
        if (other) node.setAttribute(name, other);
      }
    }
    for (const node of document.querySelectorAll(TEXTS)) {
      for (const part of node.childNodes) {
        const other = part.nodeType === Node.TEXT_NODE && translate(part.data);
        if (other) part.data = other;
      }
    }
  };
  let words = {}, timer = 0;
  const look = () => {
    timer = 0;
    if (Object.keys(words).length) replace(translator(words));
  };
  window.labTranslate = (wanted) => {
    // The language was changed: first what was replaced becomes English again.
    if (JSON.stringify(wanted) !== JSON.stringify(words)) replace(translator(Object.fromEntries(Object.entries(words).map(([from, to]) => [to, from]))));
    words = wanted;
    look();
  };
  new MutationObserver(() => {
    if (!timer && Object.keys(words).length) timer = setTimeout(look, PAUSE);
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ATTRIBUTES });
})();
