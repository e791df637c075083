// Plays a run that was saved as one file: regions ready to draw, points, the loss. No server, no network.
import { fill, unpacked } from "../shared/live.js";
import { addMarker } from "../shared/shapes.js";

const HARD = 0.42; // how strongly regions are tinted: points of the same colour must stay visible on them
const STRIP = 70;
const PER_SECOND = 25;

function readMovie(raw) {
  const places = unpacked(raw.places, Uint16Array);
  const images = raw.images && raw.images.map((text) => {
    const image = new Image();
    image.src = `data:image/png;base64,${text}`;
    return image;
  });
  return { ...raw, places, labels: unpacked(raw.labels, Uint8Array), images };
}

function startMovie(root, raw) {
  const movie = readMovie(raw);
  const find = (name) => root.querySelector(`[data-part=${name}]`);
  const [stage, strip, slider, play, readout] = ["stage", "strip", "slider", "play", "readout"].map(find);
  const frames = movie.steps.length;
  const look = { frame: 0, playing: false, before: 0, owed: 0 };
  let ink = null;

  const theme = () => {
    const style = getComputedStyle(document.body);
    ink = { text: style.color, paper: style.backgroundColor };
  };

  const size = () => {
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const width = Math.round(stage.parentElement.clientWidth);
    const height = Math.round(width / movie.aspect);
    for (const [canvas, tall] of [[stage, height], [strip, STRIP]]) {
      Object.assign(canvas, { width: width * ratio, height: tall * ratio });
      Object.assign(canvas.style, { width: `${width}px`, height: `${tall}px` });
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    Object.assign(look, { width, height });
  };

  // Places are stored as shares of the stage, 0 to 65535 from its top left corner.
  const paintRegions = (context) => {
    const { width, height } = look;
    context.globalAlpha = HARD;
    if (movie.images) {
      const image = movie.images[look.frame];
      if (image.complete) context.drawImage(image, 0, 0, width, height);
      else image.onload = paint;
      context.globalAlpha = 1;
      return;
    }
    const polygons = movie.polygons[look.frame];
    const trace = (corners) => {
      context.beginPath();
      for (let i = 0; i < corners.length; i += 2) context.lineTo((corners[i] / 65535) * width, (corners[i + 1] / 65535) * height);
      context.closePath();
    };
    polygons.forEach((corners, k) => { context.fillStyle = movie.colors[k]; trace(corners); context.fill(); });
    context.globalAlpha = 1;
    context.strokeStyle = ink.text;
    context.lineWidth = 1.3;
    polygons.forEach((corners) => { if (corners.length) { trace(corners); context.stroke(); } });
  };

  const paintPoints = (context) => {
    const { width, height } = look;
    const radius = Math.max(2.6, 4.4 * Math.min(1, width / 640) * (movie.labels.length > 1500 ? 0.7 : 1));
    movie.colors.forEach((color, k) => {
      context.beginPath();
      movie.labels.forEach((label, i) => {
        if (label === k) addMarker(context, k, (movie.places[2 * i] / 65535) * width, (movie.places[2 * i + 1] / 65535) * height, radius);
      });
      context.lineWidth = 1;
      context.strokeStyle = ink.paper;
      context.fillStyle = color;
      context.stroke();
      context.fill();
    });
  };

  const paintStrip = () => {
    const context = strip.getContext("2d");
    const top = Math.max(...movie.loss) || 1;
    const x = (i) => 6 + (frames > 1 ? i / (frames - 1) : 0) * (look.width - 12);
    const y = (value) => 6 + (1 - value / top) * (STRIP - 12);
    context.clearRect(0, 0, look.width, STRIP);
    context.strokeStyle = ink.text;
    context.lineWidth = 1.8;
    context.beginPath();
    movie.loss.forEach((value, i) => context.lineTo(x(i), y(value)));
    context.stroke();
    context.beginPath();
    context.arc(x(look.frame), y(movie.loss[look.frame]), 5, 0, 2 * Math.PI);
    context.fillStyle = movie.accent;
    context.fill();
  };

  const paint = () => {
    const context = stage.getContext("2d");
    context.clearRect(0, 0, look.width, look.height);
    paintRegions(context);
    paintPoints(context);
    paintStrip();
    const texts = { step: movie.steps[look.frame], loss: movie.loss[look.frame].toFixed(4), accuracy: `${(100 * movie.accuracy[look.frame]).toFixed(1)} %` };
    readout.textContent = fill(movie.words.readout, texts);
    slider.value = look.frame;
    slider.setAttribute("aria-valuetext", readout.textContent);
    play.textContent = look.playing ? "❚❚" : "▶";
    play.setAttribute("aria-label", look.playing ? movie.words.pause : movie.words.play);
    Object.assign(root.dataset, { frame: look.frame, step: texts.step, frames, playing: look.playing });
  };

  const tick = (time) => {
    if (!look.playing) return;
    // A busy browser may hand out a frame whose time lies before the click that asked for it.
    look.owed += Math.min(0.25, Math.max(0, (time - look.before) / 1000)) * PER_SECOND;
    look.before = time;
    const whole = Math.min(Math.floor(look.owed), frames - 1 - look.frame);
    look.owed -= Math.floor(look.owed);
    look.frame += whole;
    if (look.frame >= frames - 1) look.playing = false;
    paint();
    requestAnimationFrame(tick);
  };

  const toggle = () => {
    look.playing = !look.playing && frames > 1;
    if (look.playing && look.frame >= frames - 1) look.frame = 0;
    Object.assign(look, { before: performance.now(), owed: 0 });
    paint();
    if (look.playing) requestAnimationFrame(tick);
  };

  slider.max = frames - 1;
  slider.addEventListener("input", () => { look.playing = false; look.frame = Number(slider.value); paint(); });
  play.addEventListener("click", toggle);
  const again = () => { theme(); size(); paint(); };
  window.addEventListener("resize", again);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  again();
}

startMovie(document.querySelector("[data-instrument=movie]"), JSON.parse(document.getElementById("movie").textContent));
