"use strict";
// What the page says, it says without this: here are the panel, the filters and the size of the graph.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const $ = (id) => document.getElementById(id);
  const all = (selector, below = document) => [...below.querySelectorAll(selector)];
  const state = { open: null, zoom: null };

  // --- the panel of a dataset ---
  const show = (key) => {
    const drawer = key && $(key);
    if (!drawer || !drawer.classList.contains("drawer")) return false;
    all(".drawer.open").forEach((each) => each.classList.remove("open"));
    drawer.classList.add("open");
    state.open = key;
    drawer.focus({ preventScroll: true });
    remember("#" + key);
    return true;
  };
  const close = () => {
    if (!state.open) return;
    $(state.open)?.classList.remove("open");
    const back = all(`a[href="#${CSS.escape(state.open)}"]`).find((each) => !each.closest(".drawer"));
    state.open = null;
    back?.focus({ preventScroll: true });
    remember("");
  };
  const remember = (hash) => {
    try { history.replaceState(null, "", hash || location.pathname + location.search); } catch { /* a file that may not */ }
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link?.classList.contains("close")) { event.preventDefault(); close(); return; }
    if (link && show(link.getAttribute("href").slice(1))) { event.preventDefault(); return; }
    if (state.open && !event.target.closest(".drawer")) close();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  addEventListener("hashchange", () => show(location.hash.slice(1)));

  // --- the graph ---
  const draw = (change = (scale) => scale) => {
    const svg = $("dag");
    if (!svg) return;
    const { width, height } = svg.viewBox.baseVal;
    const fit = Math.min(1, ($("canvas").clientWidth - 24) / width);
    const scale = Math.min(2, Math.max(0.05, change(state.zoom ?? Math.max(fit, 0.8), fit)));
    svg.setAttribute("width", width * scale);
    svg.setAttribute("height", height * scale);
    return scale;
  };
  const zoom = (step) => { state.zoom = draw((scale, fit) => (step ? scale * 1.25 ** step : fit)); };
  const reach = (paths, key, from, to, lit) => {
    const wait = [key];
    while (wait.length) {
      const at = wait.pop();
      for (const path of paths) {
        if (path.dataset[from] !== at || lit.has(path)) continue;
        lit.add(path);
        wait.push(path.dataset[to]);
      }
    }
  };
  const trace = (key) => {
    const svg = $("dag");
    if (!svg) return;
    all(".lit", svg).forEach((each) => each.classList.remove("lit"));
    svg.classList.toggle("tracing", !!key);
    if (!key) return;
    const lit = new Set();
    const paths = all(".edges path", svg);
    reach(paths, key, "from", "to", lit);
    reach(paths, key, "to", "from", lit);
    const keys = new Set([key]);
    lit.forEach((path) => { path.classList.add("lit"); keys.add(path.dataset.from); keys.add(path.dataset.to); });
    all(".node", svg).forEach((node) => node.classList.toggle("lit", keys.has(node.dataset.key)));
  };
  const wireGraph = (canvas) => {
    const on = (event) => trace(event.target.closest(".node")?.dataset.key);
    const first = [...canvas.querySelectorAll(".node")].reduce((a, b) => (b.getBoundingClientRect().left < (a?.getBoundingClientRect().left ?? Infinity) ? b : a), null);
    if (first) canvas.scrollTop = first.getBoundingClientRect().top - canvas.getBoundingClientRect().top - 40;
    canvas.addEventListener("pointerover", on);
    canvas.addEventListener("pointerleave", () => trace(null));
    canvas.addEventListener("focusin", on);
    canvas.addEventListener("focusout", () => trace(null));
    let held = null;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "mouse" || event.button || event.target.closest(".node")) return;
      held = { x: event.clientX + canvas.scrollLeft, y: event.clientY + canvas.scrollTop };
      canvas.setPointerCapture(event.pointerId);
      canvas.classList.add("drag");
    });
    canvas.addEventListener("pointermove", (event) => {
      if (held) canvas.scrollTo(held.x - event.clientX, held.y - event.clientY);
    });
    const drop = () => { held = null; canvas.classList.remove("drag"); };
    canvas.addEventListener("pointerup", drop);
    canvas.addEventListener("pointercancel", drop);
  };

  // --- filters ---
  const find = () => {
    const text = $("find").value.trim().toLowerCase();
    let shown = 0;
    for (const row of all("#list tbody tr")) {
      row.hidden = !row.textContent.toLowerCase().includes(text);
      shown += !row.hidden;
    }
    $("nothing-found").hidden = shown > 0;
  };
  const filter = () => {
    const type = $("of-type").value, of = $("of-dataset").value, text = $("of-text").value.trim().toLowerCase();
    const level = document.querySelector("input[name=level]:checked").value;
    let shown = 0;
    for (const row of all("#log tr")) {
      row.hidden = !!((type && row.dataset.type !== type) || (of && row.dataset.of !== of)
        || (text && !row.textContent.toLowerCase().includes(text)));
      shown += !row.hidden && (level === "all" || row.classList.contains("e-" + level));
    }
    $("log-count").textContent = type || of || text || level !== "all" ? `${shown} shown` : "";
  };

  const once = (element, wiring) => { if (element && !element.dataset.wired) { element.dataset.wired = "1"; wiring(element); } };
  // Again after parts of a live page were exchanged: what is wired already is left as it is.
  const wire = () => {
    draw();
    once($("canvas"), wireGraph);
    all("[data-zoom]").forEach((each) => once(each, () => each.addEventListener("click", () => zoom(+each.dataset.zoom))));
    once($("find"), (each) => each.addEventListener("input", find));
    all(".filters input, .filters select").forEach((each) => once(each, () => each.addEventListener("input", filter)));
  };
  wire();
  show(location.hash.slice(1));
  addEventListener("resize", () => draw());
  globalThis.millpondPage = { state, show, wire, find, filter };
})();
