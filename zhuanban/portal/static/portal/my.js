// The code on the screen lives for a minute: count down, then fetch the next one. Without script the page reloads itself.
(function () {
  "use strict";
  var card = document.getElementById("my-code");
  var ends = 0;

  function start() {
    ends = Date.now() + Number(card.dataset.seconds) * 1000;
    show();
  }

  function show() {
    var left = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
    card.querySelector("[data-left]").textContent = String(left);
    card.querySelector(".ring-left").setAttribute("stroke-dasharray", left + " 60");
    card.classList.toggle("is-old", left === 0);
    return left;
  }

  function renew() {
    fetch("?of=" + card.dataset.of, { headers: { "HX-Request": "true" }, credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        return answer.text();
      })
      .then(function (html) {
        var holder = document.createElement("template");
        holder.innerHTML = html;
        var next = holder.content.getElementById("my-code");
        card.replaceWith(next);
        card = next;
        start();
      })
      .catch(function () {
        window.setTimeout(renew, 5000); // no network: the old code stays, greyed, and we try again
      });
  }

  var busy = false;
  window.setInterval(function () {
    if (document.hidden) return;
    if (show() > 0) {
      busy = false;
    } else if (!busy) {
      busy = true;
      renew();
    }
  }, 500);
  start();
})();
