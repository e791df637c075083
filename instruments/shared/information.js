// The browser's information measures: the same formulas as softmax_core.information, in nats, on plain arrays.

export const NATS_PER_BIT = Math.LN2;

const sum = (values) => values.reduce((a, b) => a + b, 0);

// -log p without a minus zero.
export const surprisalOf = (p) => 0 - Math.log(p);

// p_j (-log q_j), the share of each class in H(P, Q); 0 for what never comes, whatever q says.
export const costs = (p, q) => p.map((x, j) => (x > 0 ? x * surprisalOf(q[j]) : 0));

export const entropyOf = (p) => Math.max(0, sum(costs(p, p)));

export const crossEntropyOf = (p, q) => Math.max(0, sum(costs(p, q)));

// log1p of the small difference keeps its digits where p and q are close; log p - log q cannot overflow.
export function divergenceOf(p, q) {
  const terms = p.map((x, j) => {
    if (x <= 0) return 0;
    const y = q[j];
    return x * (x < 2 * y && y < 2 * x ? Math.log1p((x - y) / y) : Math.log(x) - Math.log(y));
  });
  return Math.max(0, sum(terms));
}
