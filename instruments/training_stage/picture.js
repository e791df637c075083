// The stage as a picture to keep: what the canvas shows now, as a PNG file.
import { element } from "../shared/live.js";

// The canvas is opaque and as sharp as the screen, so it can be saved as it is.
export function savePicture(canvas, name) {
  canvas.toBlob((blob) => {
    const url = URL.createObjectURL(blob);
    const link = element("a", { href: url, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }, "image/png");
}
