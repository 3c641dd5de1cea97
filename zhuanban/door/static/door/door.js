// The guard's phone: the camera where the browser lends it, the list that keeps itself fresh, and the network's absence.
(() => {
  const FRAME = 700; // ms between two looks at the picture
  const POLL = 4000; // ms between two looks at the arrivals
  const WIDE = 800; // pixels: enough to read a code held in front of the phone
  const scan = document.querySelector("[data-scan]");
  const photo = document.querySelector("[data-photo]");
  const video = document.querySelector("[data-camera]");
  const band = document.querySelector("[data-offline]");
  const torch = document.querySelector("[data-torch]");
  if (!scan) return;

  function online() {
    if (band) band.hidden = navigator.onLine;
  }
  addEventListener("online", online);
  addEventListener("offline", online);
  online();

  // A hand scanner types and presses Enter; it finds the field ready unless a person is typing elsewhere.
  const typed = scan.elements.code;
  if (matchMedia("(pointer: fine)").matches) typed.focus();

  photo.elements.photo.addEventListener("change", () => photo.requestSubmit());

  async function refresh() {
    const live = document.getElementById("live");
    if (document.hidden || !live || document.activeElement?.closest?.("#person")) return;
    const answer = await fetch(live.dataset.poll, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer || !answer.ok) return;
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["live", "person"]) {
      const fresh = made.getElementById(id);
      if (fresh) document.getElementById(id)?.replaceWith(fresh);
    }
  }
  setInterval(refresh, POLL);

  // --- the camera ---------------------------------------------------------------------------------------------------
  const detector = "BarcodeDetector" in window ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
  let busy = false;

  function found(text) {
    if (!text) return;
    busy = true;
    typed.value = text;
    scan.requestSubmit();
  }

  async function look() {
    if (busy || !video.videoWidth || document.hidden) return;
    if (detector) {
      const codes = await detector.detect(video).catch(() => []);
      if (codes.length) found(codes[0].rawValue);
    }
  }

  async function open() {
    if (!navigator.mediaDevices?.getUserMedia || !detector) return; // the photo button stands in
    const wanted = { video: { facingMode: "environment", width: { ideal: WIDE } } };
    const stream = await navigator.mediaDevices.getUserMedia(wanted).catch(() => null);
    if (!stream) return;
    video.srcObject = stream;
    video.hidden = false;
    await video.play().catch(() => {});
    setInterval(look, FRAME);
    const track = stream.getVideoTracks()[0];
    if (track.getCapabilities?.().torch) {
      let lit = false;
      torch.hidden = false;
      torch.addEventListener("click", () => {
        lit = !lit;
        track.applyConstraints({ advanced: [{ torch: lit }] });
      });
    }
  }
  open();
})();
