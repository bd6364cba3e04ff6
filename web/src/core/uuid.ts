let lastTime = 0;
let turn = 0;

/**
 * A UUID of version 7 (RFC 9562, method 1): 48 bits of milliseconds since 1970, 12 bits that count within the
 * millisecond, 62 random bits. Keys made one after another sort in that order, even if the clock goes back.
 */
export function uuid7(now: number = Date.now()): string {
  if (now > lastTime) {
    lastTime = now;
    turn = 0;
  } else if (++turn > 0xfff) {
    lastTime += 1;
    turn = 0;
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = lastTime;
  for (let i = 5; i >= 0; i--) {
    bytes[i] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = 0x70 | (turn >> 8);
  bytes[7] = turn & 0xff;
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
