// What every page must be, whoever reads it and however: names, labels, contrast, size, one place an id, no way sideways.
(touch) => {
  const wrong = [];
  const short = (text) => text.trim().replace(/\s+/g, " ").slice(0, 40);
  const style = (e) => getComputedStyle(e);
  const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && !e.closest("[aria-hidden=true], template");
  const box = (e) => e.getBoundingClientRect();
  const clipped = (e) => e && (style(e).clipPath !== "none" || clipped(e.parentElement));
  const unseen = (e) => box(e).width <= 1 || box(e).height <= 1 || clipped(e); // for the ears only
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  const named = (e) => e?.getAttribute("aria-label") || "";
  const words = (e) => named(e) || e.textContent.trim() || e.value || e.title || named(e.querySelector("[aria-label]"));

  // --- names and structure ------------------------------------------------------------------------------------------
  const html = document.documentElement;
  if (!html.lang) wrong.push("no lang");
  if (!document.title.trim()) wrong.push("no title");
  if (all("main").length !== 1) wrong.push(`main: ${all("main").length}`);
  if (all("h1").length !== 1) wrong.push(`h1: ${all("h1").length}`);
  for (const e of all("a[href], button, summary, [role=button]"))
    if (!words(e).trim()) wrong.push("no name: " + e.outerHTML.slice(0, 90));
  for (const e of all("input:not([type=hidden]), select, textarea"))
    if (!e.labels?.length && !named(e) && !e.getAttribute("aria-labelledby"))
      wrong.push("no label: " + e.outerHTML.slice(0, 90));
  for (const e of document.querySelectorAll("img:not([alt])")) wrong.push("no alt: " + e.outerHTML.slice(0, 90));
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of new Set(ids.filter((id, n) => ids.indexOf(id) !== n))) wrong.push("id twice: " + id);
  for (const name of ["for", "aria-labelledby", "aria-describedby", "aria-controls"])
    for (const e of all(`[${name}]`))
      for (const id of e.getAttribute(name).split(/\s+/).filter(Boolean))
        if (!document.getElementById(id)) wrong.push(`${name} leads nowhere: ${id}`);
  for (const e of document.querySelectorAll("[tabindex]")) if (e.tabIndex > 0) wrong.push("tabindex " + e.tabIndex);

  // --- room ---------------------------------------------------------------------------------------------------------
  const wide = html.scrollWidth - html.clientWidth;
  if (wide > 1) wrong.push("scrolls sideways by " + wide);
  const byFinger = touch >= 44; // with a mouse, words in a row need no more than the row; source: WCAG 2.2, 2.5.8
  for (const e of all("a[href], button, summary, select, textarea, input:not([type=hidden], [type=file])")) {
    if (unseen(e) || style(e).display === "inline" || (!byFinger && e.matches("a:not(.button)"))) continue;
    const high = Math.max(...[e, ...(e.labels ?? [])].map((one) => box(one).height));
    if (high < touch - 0.5) wrong.push(`${high.toFixed(0)} px high: ${short(words(e))}`);
  }
  const scrolls = (e) => e && (["auto", "scroll"].includes(style(e).overflowX) || scrolls(e.parentElement));

  // --- ink ----------------------------------------------------------------------------------------------------------
  const rgba = (text) => {
    const n = (text.match(/[\d.]+/g) ?? []).map(Number);
    const [r, g, b] = text.startsWith("color(") ? n.slice(0, 3).map((c) => c * 255) : n;
    return [r, g, b, n[3] ?? 1];
  };
  const over = (top, under) => [0, 1, 2].map((n) => top[n] * top[3] + under[n] * (1 - top[3])).concat(1);
  const light = (c) => {
    const [r, g, b] = c.map((v) => ((v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (e) => {
    const layers = [];
    for (; e; e = e.parentElement) {
      if (style(e).backgroundImage !== "none") return null; // a picture: for the eye to judge
      layers.push(rgba(style(e).backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reduceRight((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const faint = (e) => (e ? Number(style(e).opacity) * faint(e.parentElement) : 1);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, e = text.parentElement;
    if (!text.data.trim() || !shown(e) || unseen(e)) continue;
    if (e.closest("svg, script, noscript, option, .visually-hidden, .unseen")) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    if (box(range).right > html.clientWidth + 1 && !scrolls(e)) wrong.push("beyond the edge: " + short(text.data));
    const cuts = style(e).overflowX !== "visible" && style(e).textOverflow !== "ellipsis";
    if (cuts && e.scrollWidth > e.clientWidth + 1) wrong.push("cut off: " + short(text.data));
    const size = parseFloat(style(e).fontSize);
    if (size < 12) wrong.push(`${size} px: ${short(text.data)}`);
    const under = ground(e);
    if (!under || e.closest("[disabled], [aria-disabled=true]")) continue;
    const ink = rgba(style(e).color);
    const [a, b] = [over([...ink.slice(0, 3), ink[3] * faint(e)], under), under].map(light).sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const big = size >= 24 || (size >= 18.66 && style(e).fontWeight >= 700);
    if (ratio < (big ? 3 : 4.5)) wrong.push(`contrast ${ratio.toFixed(2)}: ${short(text.data)}`);
  }
  return [...new Set(wrong)];
}
