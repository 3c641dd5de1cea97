/* The scan page's script. ES5 and XMLHttpRequest, for old WebViews. Without it the page is a form and works as well.
   An entry keeps its id on the phone until the gate has acknowledged it: sent once or ten times, it is one visit. */
(function () {
  "use strict";

  var PREFIX = "zb:", KEEP_MS = 72 * 3600 * 1000, WAITS = [1, 2, 4, 8, 15], TIMEOUT_MS = 10000;
  var root = document.documentElement, form = byId("enter"), result = byId("result");
  var words = form ? JSON.parse(byId("words").textContent) : {};

  function byId(id) { return document.getElementById(id); }
  function all(selector, inside) { return Array.prototype.slice.call((inside || document).querySelectorAll(selector)); }
  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
  }

  /* --- what the phone remembers; a WebView may forbid it, then the page's own memory has to do --- */
  var memory = {};
  function load(key) { try { return localStorage.getItem(key); } catch (e) { return memory[key] || null; } }
  function save(key, value) { memory[key] = value; try { localStorage.setItem(key, value); } catch (e) { return; } }
  function forget(key) { delete memory[key]; try { localStorage.removeItem(key); } catch (e) { return; } }
  function keys() {
    try { return Object.keys(localStorage); } catch (e) { return Object.keys(memory); }
  }

  /* --- the server's time, by what has passed since the page came: the phone's clock may be wrong, or be set back;
         the other one stands still while the phone sleeps --- */
  var ticking = window.performance && performance.now ? function () { return performance.now(); } : Date.now;
  var told = { at: 0, tick: 0, wall: 0 };
  function setTime(at) { told = { at: at, tick: ticking(), wall: Date.now() }; }
  function time() { return told.at + Math.max(ticking() - told.tick, Date.now() - told.wall); }
  function local(at) { return new Date(at + 8 * 3600 * 1000); } /* the county's zone, read through the UTC getters */
  function two(n) { return n < 10 ? "0" + n : String(n); }

  /* --- sending --- */
  function newId() {
    var day = local(time()).toISOString().slice(0, 10).replace(/-/g, ""), text = "", bytes = new Array(12), i;
    var crypto = window.crypto || window.msCrypto;
    if (crypto && crypto.getRandomValues) { bytes = crypto.getRandomValues(new Uint8Array(12)); }
    else { return form.elements.id.value; } /* the one that the server made */
    for (i = 0; i < 12; i += 1) { text += ("0" + bytes[i].toString(16)).slice(-2); }
    return day + "-" + text;
  }

  function post(path, body, done) {
    var request = new XMLHttpRequest();
    request.open("POST", path, true);
    request.timeout = TIMEOUT_MS;
    request.setRequestHeader("Content-Type", "application/json");
    request.onload = function () {
      var answer = {};
      try { answer = JSON.parse(request.responseText); } catch (e) { answer = {}; }
      done(request.status, answer, Number(request.getResponseHeader("Retry-After")) || 0);
    };
    request.onerror = request.ontimeout = function () { done(0, {}, 0); };
    request.send(body);
  }

  function deliver(path, kept, turn, on) {
    post(path, JSON.stringify(kept.body), function (status, answer, retryAfter) {
      var again = status === 0 || status === 503 || status === 502 || status === 500, wait;
      if (!again) { forget(PREFIX + path); on.done(status, answer); return; }
      wait = retryAfter || WAITS[Math.min(turn, WAITS.length - 1)];
      wait = Math.ceil(wait * (1 + Math.random() / 2));
      on.waiting(status, wait);
      setTimeout(function () { deliver(path, kept, turn + 1, on); }, wait * 1000);
    });
  }

  function flushOthers(path) {
    keys().forEach(function (key) {
      var kept;
      if (key.indexOf(PREFIX + "/s/") !== 0 || key === PREFIX + path) { return; }
      try { kept = JSON.parse(load(key)); } catch (e) { kept = null; }
      if (!kept || Date.now() - kept.kept_at > KEEP_MS) { forget(key); return; }
      deliver(key.slice(PREFIX.length), kept, 0, { done: function () {}, waiting: function () {} });
    });
  }

  /* --- the form --- */
  function ticked() {
    return all("input[name=people]", form).filter(function (box) { return box.checked; }).map(function (box) { return box.value; });
  }

  function count() {
    var n = ticked().length, pill = byId("count");
    pill.hidden = !all("input[name=people]", form).length;
    pill.textContent = fill(words.n, { n: n });
  }

  function body() {
    var fields = form.elements, made = { id: newId(), at: new Date().toISOString(), notice: Number(fields.notice.value), page: true };
    if (fields.name && fields.phone) { made.name = fields.name.value; made.phone = fields.phone.value; }
    else { made.people = ticked(); }
    return made;
  }

  function problem(text) {
    var box = byId("problem");
    box.hidden = !text;
    byId("problem-what").textContent = text || "";
    if (text) { box.scrollIntoView(false); }
  }

  function fault(name, text) {
    var input = byId("f-" + name), error = byId("e-" + name);
    if (!input) { problem(text); return; }
    error.textContent = text;
    error.hidden = !text;
    input.parentNode.className = text ? "field bad" : "field";
    if (!text) { input.removeAttribute("aria-invalid"); return; }
    input.setAttribute("aria-invalid", "true");
    input.focus();
    try { input.parentNode.scrollIntoView({ block: "center" }); } catch (e) { input.scrollIntoView(); }
  }

  function sending(on) {
    var go = byId("go");
    go.disabled = on;
    go.className = go.className.replace(" is-sending", "") + (on ? " is-sending" : "");
    if (on && !go.getAttribute("data-word")) { go.setAttribute("data-word", byId("go-word").textContent); }
    byId("go-word").textContent = on ? words.sending : go.getAttribute("data-word");
    if (!on) { say(""); }
  }

  function say(text) { byId("wait").hidden = !text; byId("wait").textContent = text; }

  function send(kept) {
    var path = form.getAttribute("action");
    save(PREFIX + path, JSON.stringify(kept));
    sending(true);
    deliver(path, kept, 0, {
      waiting: function (status, wait) { say(status === 0 ? words.offline : fill(words.busy, { s: wait })); },
      done: function (status, answer) {
        if (status === 200 && answer.show) { showResult(answer.show); signal(answer.show); return; }
        if (status === 409 && !kept.again) { kept.again = true; kept.body.id = newId(); send(kept); return; }
        sending(false);
        if (status === 401 && !form.elements.name) { location.reload(); return; }
        if (answer.field) { fault(answer.field, answer.message); } else { problem(answer.message || words.failed); }
      }
    });
  }

  function submit(event) {
    event.preventDefault();
    problem("");
    if (form.elements.name && form.elements.phone) { fault("name", ""); fault("phone", ""); }
    else if (!ticked().length) { problem(words.nobody); return; }
    warmVoice();
    send({ kept_at: Date.now(), body: body() });
  }

  /* --- the result: the server's texts into the page's empty frame --- */
  function rich(element, text) {
    element.textContent = "";
    text.split(/[⟦⟧]/).forEach(function (part, turn) {
      var node = turn % 2 ? document.createElement("b") : document.createTextNode(part);
      if (turn % 2) { node.textContent = part; }
      if (part) { element.appendChild(node); }
    });
  }

  function people(rows) {
    var list = byId("people");
    list.textContent = "";
    rows.forEach(function (row) {
      var item = document.createElement("li"), name = document.createElement("b"), note = document.createElement("span");
      item.className = "p-" + row[2];
      name.textContent = row[0];
      note.textContent = row[1];
      item.appendChild(name);
      item.appendChild(document.createTextNode(" "));
      item.appendChild(note);
      list.appendChild(item);
    });
  }

  function showResult(show) {
    shown = show;
    all("[data-k]", result).forEach(function (slot) { rich(slot, show[slot.getAttribute("data-k")] || ""); });
    all("[data-if]", result).forEach(function (part) { part.hidden = !show[part.getAttribute("data-if")]; });
    all("[data-h]", result).forEach(function (link) { link.href = show[link.getAttribute("data-h")] || "#"; });
    people(show.people || []);
    byId("done").className = "btn " + (show.code ? "line" : "full");
    result.className = "result r-" + show.tone;
    result.setAttribute("data-due", show.due_ms || 0);
    result.setAttribute("data-span", show.span_ms || 0);
    document.body.className = "on-result b-" + show.tone;
    document.title = show.word + " " + show.venue;
    byId("scan").hidden = true;
    result.hidden = false;
    window.scrollTo(0, 0);
    setTime(show.at_ms);
    begin();
    try { byId("said").focus(); } catch (e) { return; }
  }

  /* --- what moves: a screenshot stands still, and what moves changes with every minute --- */
  var lastSecond = -1, timer = 0, shown = null;
  function begin() {
    clearInterval(timer);
    timer = setInterval(step, 200);
    step();
  }

  function expire() { /* a pass is for now: left open, it turns into a record */
    var past = words.past;
    if (!shown || !past || shown.tone === "past" || time() - shown.at_ms < past.after_ms) { return; }
    past.texts.venue = shown.venue;
    past.texts.door = shown.door;
    past.texts.address = shown.address;
    past.texts.stored = shown.stored;
    past.texts.sub = shown.clock.slice(0, 5);
    past.texts.at_ms = time();
    showResult(past.texts);
  }

  function step() {
    var at = local(time()), second = at.getUTCSeconds(), minute = Math.floor(time() / 60000);
    if (second === lastSecond) { return; }
    if (lastSecond === -1 || second === 0) { turn(minute, second); }
    lastSecond = second;
    byId("clock").textContent = two(at.getUTCHours()) + ":" + two(at.getUTCMinutes()) + ":" + two(second);
    countDown();
    if (shown && shown.tone !== "red" && shown.tone !== "yellow") { expire(); }
  }

  function turn(minute, second) {
    var rhythm = ((minute % 6) + 6) % 6;
    result.className = result.className.replace(/ m\d/, "");
    void result.offsetWidth; /* so that the motion starts anew with the minute */
    result.className += " m" + rhythm;
    byId("hand").setAttribute("transform", "rotate(" + (rhythm % 2 ? -second : second) * 6 + " 120 120)");
  }

  function countDown() {
    var due = Number(result.getAttribute("data-due")), span = Number(result.getAttribute("data-span")), left = due - time();
    if (!due || !words.left) { return; }
    var s = Math.max(0, Math.floor(left / 1000)), m = Math.floor(s / 60), h = Math.floor(m / 60);
    rich(byId("left"), left <= 0 ? words.late : fill(h ? words.left_long : words.left, { h: h, m: h ? m % 60 : m, s: s % 60 }));
    byId("ring").setAttribute("stroke-dasharray", (span ? Math.max(0, Math.min(100, left / span * 100)) : 0) + " 100");
  }

  /* --- voice and vibration --- */
  function isMuted() { return load("zb-mute") === "1"; }

  function warmVoice() { /* iOS speaks only what a tap has started */
    if (window.speechSynthesis && !isMuted()) { speechSynthesis.speak(new SpeechSynthesisUtterance("")); }
  }

  function signal(show) {
    var said;
    if (show.tone !== "green" && navigator.vibrate) { navigator.vibrate([300, 150, 300, 150, 300]); }
    if (!window.speechSynthesis || !window.SpeechSynthesisUtterance) { return; }
    muteButton();
    if (isMuted()) { return; }
    said = new SpeechSynthesisUtterance(show.voice);
    said.lang = words.lang;
    speechSynthesis.cancel();
    speechSynthesis.speak(said);
  }

  function muteButton() {
    var button = byId("mute");
    function draw() {
      byId("mute-word").textContent = isMuted() ? words.muted : words.mute;
      button.setAttribute("aria-pressed", String(isMuted()));
    }
    button.hidden = false;
    button.onclick = function () {
      save("zb-mute", isMuted() ? "0" : "1");
      if (isMuted()) { speechSynthesis.cancel(); }
      draw();
    };
    draw();
  }

  /* --- begin --- */
  function resume() {
    var path = form.getAttribute("action"), kept;
    try { kept = JSON.parse(load(PREFIX + path)); } catch (e) { kept = null; }
    flushOthers(path);
    if (!kept) { return; }
    if (Date.now() - kept.kept_at > KEEP_MS) { forget(PREFIX + path); return; }
    send(kept);
  }

  root.className += " js";
  if (form) {
    setTime(words.at);
    form.addEventListener("change", count);
    form.addEventListener("submit", submit);
    count();
    resume();
  } else if (result && !result.hidden) {
    setTime(Number(result.getAttribute("data-at")));
    begin();
  }
}());
