// A served page asks whether there is more, and takes over the parts that are new.
(() => {
  const { state, show, wire, find, filter } = globalThis.millpondPage;
  const root = document.documentElement;
  const parts = (of) => [of.querySelector("header.top"), ...of.querySelectorAll("main > section")];
  const name = (part) => part.id || part.className;
  const kept = new Map();

  // Rows are only ever added to the log: those that are there stay as they are, opened or not.
  const addEvents = (now) => {
    const body = document.getElementById("log");
    const rows = now.querySelectorAll("#log > tr");
    if (!body || rows.length < body.rows.length || body.rows[0]?.dataset.id !== rows[0]?.dataset.id) return false;
    for (const row of [...rows].slice(body.rows.length)) body.append(document.importNode(row, true));
    document.querySelectorAll(".filters .n").forEach((count, at) => { count.textContent = now.querySelectorAll(".filters .n")[at].textContent; });
    return true;
  };
  const take = (text) => {
    const now = new DOMParser().parseFromString(text, "text/html");
    const focus = document.activeElement?.id || document.activeElement?.getAttribute("href");
    const canvas = document.getElementById("canvas");
    const at = [canvas?.scrollLeft ?? 0, canvas?.scrollTop ?? 0];
    const found = document.getElementById("find")?.value ?? "";
    const old = new Map(parts(document).map((part) => [name(part), part]));
    let last = null;
    for (const part of parts(now)) {
      const id = name(part), before = old.get(id), html = part.outerHTML;
      old.delete(id);
      if (before && kept.get(id) === html) { last = before; continue; }
      kept.set(id, html);
      if (before && id === "events" && addEvents(now)) { last = before; continue; }
      const fresh = document.importNode(part, true);
      if (before) before.replaceWith(fresh);
      else if (last && last.parentElement.id === "main") last.after(fresh);
      else document.getElementById("main").append(fresh);
      last = fresh;
    }
    old.forEach((part) => part.remove());
    document.title = now.title;
    root.dataset.live = now.documentElement.dataset.live;
    wire();
    document.getElementById("find").value = found;
    find();
    filter();
    document.getElementById("canvas")?.scrollTo(...at);
    if (state.open) show(state.open);
    else if (focus) (document.getElementById(focus) ?? document.querySelector(`[href="${CSS.escape(focus)}"]`))?.focus({ preventScroll: true });
  };
  const ask = async () => {
    let pause = 1500;
    try {
      if (!document.hidden) {
        const stamp = await (await fetch("/stamp")).text();
        if (stamp !== root.dataset.live) {
          const began = performance.now();
          const answer = await fetch(location.pathname + location.search);
          if (answer.ok) take(await answer.text());
          pause = Math.max(pause, 4 * (performance.now() - began));
        }
        root.classList.remove("lost");
      }
    } catch {
      root.classList.add("lost");
    }
    setTimeout(ask, pause);
  };
  setTimeout(ask, 800);
})();
