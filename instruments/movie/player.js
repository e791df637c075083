// Plays a run that was saved as one file: regions ready to draw, points, the loss. No server, no network.
import { fill, fitCanvas, unpacked } from "../shared/live.js";
import { addMarker } from "../shared/shapes.js";
import { createTransport } from "../training_stage/transport.js";

const HARD = 0.42; // how strongly regions are tinted: points of the same colour must stay visible on them
const STRIP = 70;
const SPEED = { steps: 25, per: "second" };

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
  const view = { frame: 0 };
  let ink = null;

  const theme = () => {
    const style = getComputedStyle(document.body);
    ink = { text: style.color, paper: style.backgroundColor };
  };

  const size = () => {
    const width = Math.round(stage.parentElement.clientWidth);
    const height = Math.round(width / movie.aspect);
    fitCanvas(stage, width, height);
    fitCanvas(strip, width, STRIP);
    Object.assign(view, { width, height });
  };

  // Places are stored as shares of the stage, 0 to 65535 from its top left corner.
  const paintRegions = (context) => {
    const { width, height } = view;
    context.globalAlpha = HARD;
    if (movie.images) {
      const image = movie.images[view.frame];
      if (image.complete) context.drawImage(image, 0, 0, width, height);
      else image.onload = paint;
      context.globalAlpha = 1;
      return;
    }
    const polygons = movie.polygons[view.frame];
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
    const { width, height } = view;
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
    const x = (i) => 6 + (frames > 1 ? i / (frames - 1) : 0) * (view.width - 12);
    const y = (value) => 6 + (1 - value / top) * (STRIP - 12);
    context.clearRect(0, 0, view.width, STRIP);
    context.strokeStyle = ink.text;
    context.lineWidth = 1.8;
    context.beginPath();
    movie.loss.forEach((value, i) => context.lineTo(x(i), y(value)));
    context.stroke();
    context.beginPath();
    context.arc(x(view.frame), y(movie.loss[view.frame]), 5, 0, 2 * Math.PI);
    context.fillStyle = movie.accent;
    context.fill();
  };

  const paint = () => {
    const context = stage.getContext("2d");
    context.clearRect(0, 0, view.width, view.height);
    paintRegions(context);
    paintPoints(context);
    paintStrip();
    const texts = { step: movie.steps[view.frame], loss: movie.loss[view.frame].toFixed(4), accuracy: `${(100 * movie.accuracy[view.frame]).toFixed(1)} %` };
    readout.textContent = fill(movie.words.readout, texts);
    slider.value = view.frame;
    slider.setAttribute("aria-valuetext", readout.textContent);
    const playing = transport.isPlaying();
    play.textContent = playing ? "❚❚" : "▶";
    play.setAttribute("aria-label", playing ? movie.words.pause : movie.words.play);
    Object.assign(root.dataset, { frame: view.frame, step: texts.step, frames, playing });
  };

  const transport = createTransport({
    goTo: (at) => { view.frame = at; paint(); }, step: () => view.frame, steps: () => frames - 1, speed: () => SPEED, changed: () => paint(),
  });

  slider.max = frames - 1;
  slider.addEventListener("input", () => transport.to(Number(slider.value)));
  play.addEventListener("click", transport.toggle);
  const again = () => { theme(); size(); paint(); };
  window.addEventListener("resize", again);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  again();
}

startMovie(document.querySelector("[data-instrument=movie]"), JSON.parse(document.getElementById("movie").textContent));
