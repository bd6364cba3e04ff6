/** How an image lies in its frame: `scale`, and where its top left corner is, in pixels of the frame. */

export interface Lens {
  scale: number;
  x: number;
  y: number;
}

export interface Box {
  width: number;
  height: number;
}

const CLOSEST = 16; // pixels of the frame for one of the image

/** As large as fits, but not magnified more than twice; in the middle. */
export function fitted(image: Box, frame: Box): Lens {
  return centred(Math.min(frame.width / image.width, frame.height / image.height, 2), image, frame);
}

/** In the middle at a scale. */
export function centred(scale: number, image: Box, frame: Box): Lens {
  return { scale, x: (frame.width - image.width * scale) / 2, y: (frame.height - image.height * scale) / 2 };
}

/** Nearer by a factor; what is under (x, y) stays there as far as the edges allow. */
export function zoomed(lens: Lens, by: number, x: number, y: number, image: Box, frame: Box): Lens {
  const least = Math.min(fitted(image, frame).scale, 1);
  const scale = Math.min(CLOSEST, Math.max(least, lens.scale * by));
  const k = scale / lens.scale;
  return clamp({ scale, x: x - (x - lens.x) * k, y: y - (y - lens.y) * k }, image, frame);
}

/** No gap between the image and the frame where the image is larger; in the middle where it is smaller. */
export function clamp(lens: Lens, image: Box, frame: Box): Lens {
  const along = (at: number, size: number, room: number) =>
    size <= room ? (room - size) / 2 : Math.min(0, Math.max(room - size, at));
  return {
    scale: lens.scale,
    x: along(lens.x, image.width * lens.scale, frame.width),
    y: along(lens.y, image.height * lens.scale, frame.height),
  };
}
