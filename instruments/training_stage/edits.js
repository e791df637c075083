// Edits of the points that Python has not confirmed yet: sent in order, each obeyed once, and shown until then.

// send(list) hands everything unconfirmed to Python. Parts of one drag that have not left yet travel as one.
export function createQueue(send, pause = 70) {
  let number = 0;
  let confirmed = 0;
  let sent = 0;
  let timer = 0;
  let waiting = [];

  const flush = () => {
    timer = 0;
    if (!waiting.length || waiting.at(-1).number <= sent) return;
    // While an answer is on its way the rest gathers: a busy server then gets fewer and larger messages.
    if (sent > confirmed && performance.now() - flush.time < 1000) { timer = setTimeout(flush, pause); return; }
    sent = waiting.at(-1).number;
    flush.time = performance.now();
    send(waiting);
  };
  flush.time = 0;

  const join = (last, next) => {
    if (!last || last.number <= sent || !next.drag || last.drag !== next.drag || last.kind !== next.kind) return false;
    if (next.kind === "add" && next.label === last.label) last.places = [...last.places, ...next.places];
    else if (next.kind === "move" && next.point === last.point) last.places = next.places;
    else if (next.kind === "erase") last.points = [...last.points, ...next.points];
    else return false;
    return true;
  };

  return {
    offer(wish) {
      if (!join(waiting.at(-1), wish)) waiting = [...waiting, { ...wish, number: ++number }];
      if (!timer) flush();
    },
    // Python has obeyed (or refused) everything up to `applied`.
    confirm(applied) {
      confirmed = Math.max(confirmed, applied);
      number = Math.max(number, applied);
      sent = Math.max(sent, applied);
      waiting = waiting.filter((wish) => wish.number > applied);
      if (timer) clearTimeout(timer);
      flush();
    },
    waiting: () => waiting,
    cancel() { clearTimeout(timer); timer = 0; },
  };
}

// The points as they will be once Python has answered. featuresAt(x, y) gives the m features of a place; `next` is the
// number of the next added point.
export function withWaiting(run, waiting, next, featuresAt) {
  const wishes = waiting.filter(({ kind }) => kind === "add" || kind === "move" || kind === "erase");
  if (!wishes.length) return run;
  const points = Array.from(run.ids, (id, i) => ({
    id, x: run.x[2 * i], y: run.x[2 * i + 1], label: run.y[i], isTest: run.isTest[i],
    row: run.features.subarray(i * run.m, (i + 1) * run.m),
  }));
  let id = next;
  const place = (point, x, y) => Object.assign(point, { x, y, row: featuresAt(x, y) });
  for (const wish of wishes) {
    if (wish.kind === "add") {
      for (let i = 0; i < wish.places.length; i += 2) points.push(place({ id: id++, label: wish.label, isTest: 0 }, wish.places[i], wish.places[i + 1]));
    } else if (wish.kind === "move") {
      const point = points.find((one) => one.id === wish.point);
      if (point) place(point, ...wish.places);
    } else {
      const gone = new Set(wish.points);
      for (let i = points.length - 1; i >= 0; i--) if (gone.has(points[i].id)) points.splice(i, 1);
    }
  }
  const features = new Float64Array(points.length * run.m);
  points.forEach(({ row }, i) => features.set(row, i * run.m));
  return {
    ...run, n: points.length, features, ids: Int32Array.from(points, (one) => one.id),
    x: Float64Array.from(points.flatMap(({ x, y }) => [x, y])), y: Uint8Array.from(points, (one) => one.label),
    isTest: Uint8Array.from(points, (one) => one.isTest),
  };
}

// A place of the plane in tidied digits; beyond an edge it is the last such place inside.
export function tidyInside({ box, width, height }, x, y) {
  const inside = (value, ends, pixels) => {
    const [low, high] = ends;
    const place = tidyPlace(Math.min(high, Math.max(low, value)), ends, pixels);
    if (place >= low && place <= high) return place;
    return tidyPlace(place < low ? low + (high - low) / pixels : high - (high - low) / pixels, ends, pixels);
  };
  return [inside(x, box.slice(0, 2), width), inside(y, box.slice(2), height)];
}

// How many decimals a place on the stage deserves: a quarter of a pixel, so that links stay short.
export function tidyPlace(value, box, pixels) {
  const digits = -Math.floor(Math.log10((box[1] - box[0]) / pixels / 2));
  if (digits > 15) return value;
  if (digits >= 0) return Number(value.toFixed(digits));
  const unit = 10 ** -digits;
  return Math.round(value / unit) * unit;
}
