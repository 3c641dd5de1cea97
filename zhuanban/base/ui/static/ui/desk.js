// The desk's keyboard and lists: / searches, Escape closes what is open, a head box ticks all, Shift ticks a run.
(() => {
  const words = document.getElementById("words").dataset;
  const isTyping = (element) => element.matches("input, select, textarea, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !isTyping(event.target)) {
      event.preventDefault();
      document.getElementById("search")?.select();
    }
    if (event.key !== "Escape") return;
    for (const open of document.querySelectorAll("details.pop[open], details.chip-add[open]")) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });

  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.pop[open], details.chip-add[open]"))
      if (!open.contains(event.target)) open.open = false;
  });

  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target.closest(".pick");
    if (!box) return;
    const boxes = [...box.closest(".list").querySelectorAll(".pick")];
    if (event.shiftKey && last && boxes.includes(last)) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
  });

  document.addEventListener("change", (event) => {
    const list = event.target.closest(".list");
    if (!list || !event.target.matches(".pick, .pick-all")) return;
    if (event.target.matches(".pick-all"))
      for (const box of list.querySelectorAll(".pick")) box.checked = event.target.checked;
    count(list);
  });

  document.addEventListener("click", (event) => {
    const none = event.target.closest("[data-picks-none]");
    if (!none) return;
    const list = none.closest(".list");
    for (const box of list.querySelectorAll(".pick")) box.checked = false;
    count(list);
  });

  function count(list) {
    const boxes = [...list.querySelectorAll(".pick")];
    const picked = boxes.filter((box) => box.checked).length;
    const all = list.querySelector(".pick-all");
    all.checked = picked > 0 && picked === boxes.length;
    all.indeterminate = picked > 0 && picked < boxes.length;
    list.querySelector(".bulk b").textContent = words.picked.replace("{}", picked);
  }

  // A part that asks for itself again: only while it is looked at and nobody is busy in it.
  let asked = Date.now();
  setInterval(() => {
    const part = document.querySelector("[data-poll]");
    if (!part || document.hidden || part.matches(":focus-within") || document.querySelector("dialog[open]")) return;
    if (Date.now() - asked < part.dataset.poll * 1000) return;
    asked = Date.now();
    window.htmx?.trigger(part, "poll");
  }, 1000);

  function ready() {
    for (const all of document.querySelectorAll(".pick-all, [data-picks-none]")) all.hidden = false;
    for (const list of document.querySelectorAll(".list:has(.pick-all)")) count(list);
    for (const button of document.querySelectorAll("[data-prints]")) button.hidden = false;
  }
  ready();
  document.addEventListener("htmx:afterSwap", ready);
  document.querySelector(".menu [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-prints]")) print();
  });
})();
