// The big clocks of a step: the server has drawn them as they stood; here they run on, by the server's time.
(() => {
  const words = document.getElementById("words").dataset;
  const ahead = Date.parse(document.documentElement.dataset.at) - Date.now(); // this computer's clock may be wrong
  const units = [
    [86_400, "day"],
    [3600, "hour"],
    [60, "minute"],
    [1, "second"],
  ];

  function exact(seconds) {
    const first = Math.max(0, units.findIndex(([size]) => seconds >= size));
    const from = seconds < 1 ? units.length - 1 : first;
    return units
      .slice(from, from + 2)
      .map(([size, unit], place) => {
        const n = place === 0 ? Math.floor(seconds / size) : Math.floor((seconds % units[from][0]) / size);
        return words[unit].replace("{}", n);
      })
      .join(" ");
  }

  function tick() {
    const now = Date.now() + ahead;
    for (const clock of document.querySelectorAll("time[data-ticks]"))
      clock.textContent = exact(Math.floor(Math.abs(Date.parse(clock.dateTime) - now) / 1000));
    setTimeout(tick, 1000 - (now % 1000));
  }
  tick();
})();
