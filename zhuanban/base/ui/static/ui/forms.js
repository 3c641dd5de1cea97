// Forms: sent once, the working button says so, the first error has the focus; toasts close and fade; dialogs open.
(() => {
  const words = document.getElementById("words").dataset;
  const RELEASE = 8000; // ms; a download leaves the page standing, and the network may lose a form

  function release(form) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll(".button[aria-busy]")) {
      button.removeAttribute("aria-busy");
      button.lastChild.textContent = button.dataset.idle;
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) return event.preventDefault();
    if (form.method !== "post" || event.submitter?.formMethod === "dialog") return;
    form.dataset.sent = "1";
    setTimeout(release, RELEASE, form);
    const button = event.submitter;
    if (!button?.classList.contains("button") || !button.textContent.trim()) return;
    button.style.minWidth = `${button.offsetWidth}px`;
    button.dataset.idle = button.lastChild.textContent;
    button.setAttribute("aria-busy", "true");
    button.lastChild.textContent = button.dataset.working || words.working;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form[data-sent]");
    if (form) release(form);
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
  });

  document.querySelector(".field-wrong :is(input, select, textarea)")?.focus();

  function ready(root) {
    for (const close of root.querySelectorAll("[data-closes]")) close.hidden = false;
    for (const toast of root.querySelectorAll("[data-fades]")) {
      setTimeout(() => toast.classList.add("toast-leaves"), 6000);
      setTimeout(() => toast.remove(), 6400);
    }
  }
  ready(document);
  document.addEventListener("htmx:afterSwap", (event) => ready(event.target));

  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-closes]");
    if (close) close.closest(close.dataset.closes).remove();
    const opens = event.target.closest("[data-opens]");
    const dialog = opens && document.getElementById(opens.dataset.opens);
    if (dialog) {
      event.preventDefault();
      dialog.showModal();
    }
  });
})();
