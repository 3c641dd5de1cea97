// Running clocks. The server has drawn them as they stood; this lets them run on, by the server's time.
(() => {
  const words = document.getElementById("words").dataset;
  const ahead = Date.parse(document.documentElement.dataset.at) - Date.now(); // the phone's clock may be wrong
  const now = () => Date.now() + ahead;
  const NEAR = 2 * 3600_000;
  const say = (pattern, value) => pattern.replace("{}", value);

  function span(ms) {
    const seconds = Math.floor(ms / 1000);
    if (seconds < 60) return say(words.second, seconds);
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return say(words.minute, minutes);
    const hours = Math.floor(minutes / 60);
    if (ms < NEAR && minutes % 60) return `${say(words.hour, hours)} ${say(words.minute, minutes % 60)}`;
    return hours < 48 ? say(words.hour, hours) : say(words.day, Math.floor(hours / 24));
  }

  function run(clock) {
    const end = Date.parse(clock.dateTime);
    const left = end - now();
    if (clock.dataset.says === "moment" && left > NEAR) return;
    const tone = left <= 0 ? "late" : left <= NEAR ? "near" : "calm";
    clock.className = `clock clock-${tone}`;
    clock.lastElementChild.textContent = left <= 0 ? say(words.over, span(-left)) : say(words.left, span(left));
    const whole = clock.dataset.started ? end - Date.parse(clock.dataset.started) : 86_400_000;
    const share = Math.max(0, Math.min(100, Math.floor((left / whole) * 100)));
    clock.querySelector(".ring-left").setAttribute("stroke-dasharray", `${left > 0 ? Math.max(1, share) : 0} 100`);
  }

  const format = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", timeStyle: "medium", hour12: false });

  function tick() {
    document.querySelectorAll("time.clock").forEach(run);
    document.querySelectorAll("[data-wall]").forEach((wall) => {
      wall.textContent = format.format(now());
    });
    setTimeout(tick, 1000 - (now() % 1000));
  }
  tick();
})();
