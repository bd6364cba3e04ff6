/** Paints the map on a canvas: one small square a point, in colours mixed beforehand. */

import { DARK, LIGHT, look, mix, SHAPES, type Shape, saturation } from "../../core/hues.ts";
import type { Points, View } from "./scatter.ts";

const STEPS = 8; // shades from doubtful to settled

export interface Palette {
  ground: string;
  ink: string;
  none: string;
  hues: readonly string[];
}

/** Colours as the page has them now. */
export function palette(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const dark =
    style.colorScheme === "dark" ||
    (style.colorScheme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  return dark
    ? { ground: "#2a3037", ink: "#e6e8eb", none: "#5d6670", hues: DARK }
    : { ground: "#e1e4e8", ink: "#1b1f24", none: "#9aa3ad", hues: LIGHT };
}

export interface Picture {
  map: Points & { readonly cluster: readonly number[] };
  view: View;
  hues: readonly number[];
  sure: readonly number[];
  at: number;
  cluster: number | null;
  width: number;
  height: number;
  palette: Palette;
}

function draw(c: CanvasRenderingContext2D, shape: Shape, x: number, y: number, r: number): void {
  if (shape === "circle") {
    c.moveTo(x + r, y); // else a line from the point before
    c.arc(x, y, r, 0, 7);
  } else if (shape === "square") c.rect(x - r, y - r, 2 * r, 2 * r);
  else if (shape === "triangle") {
    c.moveTo(x, y - 1.2 * r);
    c.lineTo(x + 1.1 * r, y + r);
    c.lineTo(x - 1.1 * r, y + r);
  } else if (shape === "diamond") {
    c.moveTo(x, y - 1.3 * r);
    c.lineTo(x + 1.3 * r, y);
    c.lineTo(x, y + 1.3 * r);
    c.lineTo(x - 1.3 * r, y);
  } else {
    c.rect(x - 1.2 * r, y - 0.45 * r, 2.4 * r, 0.9 * r);
    c.rect(x - 0.45 * r, y - 1.2 * r, 0.9 * r, 2.4 * r);
  }
  c.closePath();
}

export function paint(canvas: HTMLCanvasElement, p: Picture): void {
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(p.width * ratio);
  canvas.height = Math.round(p.height * ratio);
  canvas.style.width = `${p.width}px`;
  canvas.style.height = `${p.height}px`;
  const c = canvas.getContext("2d");
  if (!c) return;
  c.scale(ratio, ratio);
  const radius = Math.min(7, Math.max(1.9, 90 / Math.sqrt(p.hues.length || 1)));

  // One path per colour: thousands of points in a few fills. The doubtful ones lie on top, where they are seen.
  const paths = new Map<string, { colour: string; shape: Shape; points: number[] }>();
  p.hues.forEach((hue, i) => {
    const off = p.cluster !== null && p.map.cluster[i] !== p.cluster;
    const step = off ? -1 : hue < 0 ? -2 : Math.round((p.sure[i] ?? 0) * (STEPS - 1));
    const key = `${step} ${step === -1 ? 0 : hue}`;
    const known = paths.get(key);
    if (known) known.points.push(i);
    else {
      const full = p.palette.hues[hue < 0 ? 0 : look(hue).hue] ?? p.palette.none;
      const colour =
        step === -1
          ? p.palette.ground
          : step === -2
            ? p.palette.none
            : mix(full, p.palette.ground, saturation(step / (STEPS - 1)));
      paths.set(key, { colour, shape: hue < 0 ? (SHAPES[0] as Shape) : look(hue).shape, points: [i] });
    }
  });
  const order = (key: string) => (key.startsWith("-") ? -100 : -Number(key.split(" ")[0]));
  for (const [, { colour, shape, points }] of [...paths].sort((a, b) => order(a[0]) - order(b[0]))) {
    c.fillStyle = colour;
    c.beginPath();
    for (const i of points)
      draw(
        c,
        shape,
        p.view.x + p.view.scale * (p.map.x[i] ?? 0),
        p.view.y - p.view.scale * (p.map.y[i] ?? 0),
        radius,
      );
    c.fill();
  }
  if (p.at >= 0) {
    c.strokeStyle = p.palette.ink;
    c.lineWidth = 2;
    c.beginPath();
    c.arc(
      p.view.x + p.view.scale * (p.map.x[p.at] ?? 0),
      p.view.y - p.view.scale * (p.map.y[p.at] ?? 0),
      radius + 4,
      0,
      7,
    );
    c.stroke();
  }
}
