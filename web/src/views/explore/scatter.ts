/** The map's arithmetic: data to pixels, pixels to the nearest point. No DOM. */

export interface View {
  /** Pixels per unit of data, and where the data's origin lies, in pixels. */
  scale: number;
  x: number;
  y: number;
}

export interface Points {
  x: readonly number[];
  y: readonly number[];
}

/** All points within the frame, with a margin. */
export function fitAll({ x, y }: Points, width: number, height: number, margin = 16): View {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [x[i] ?? 0, y[i] ?? 0];
    if (a < left) left = a;
    if (a > right) right = a;
    if (b < low) low = b;
    if (b > high) high = b;
  }
  if (!x.length) [left, right, low, high] = [0, 1, 0, 1];
  const scale = Math.min(
    (width - 2 * margin) / (right - left || 1),
    (height - 2 * margin) / (high - low || 1),
  );
  // y grows upward in data and downward on screens
  return { scale, x: width / 2 - (scale * (left + right)) / 2, y: height / 2 + (scale * (low + high)) / 2 };
}

/** Nearer by a factor; what is under (px, py) stays there. */
export function zoomAt(view: View, by: number, px: number, py: number): View {
  return { scale: view.scale * by, x: px - (px - view.x) * by, y: py - (py - view.y) * by };
}

/** Index of the point nearest to (px, py) within `reach` pixels among those that `eligible` lets through, or −1. */
export function nearest(
  { x, y }: Points,
  view: View,
  px: number,
  py: number,
  reach: number,
  eligible: (i: number) => boolean = () => true,
): number {
  let [best, found] = [reach * reach, -1];
  for (let i = 0; i < x.length; i++) {
    const [dx, dy] = [view.x + view.scale * (x[i] ?? 0) - px, view.y - view.scale * (y[i] ?? 0) - py];
    const d = dx * dx + dy * dy;
    if (d <= best && eligible(i)) [best, found] = [d, i];
  }
  return found;
}
