// Sentences that Python sends with a little emphasis: "Move *z* of **cat**".
import { element, math } from "./live.js";

// One star for a letter of a formula, two for what matters; everything else is text, never markup.
export function rich(text) {
  return text.split(/(\*\*[^*]+\*\*|\*[^*]+\*)/).map((part) => {
    if (part.startsWith("**")) return element("b", {}, part.slice(2, -2));
    return part.startsWith("*") && part.length > 2 ? math(part.slice(1, -1)) : part;
  });
}
