/**
 * Spelling of keys. A binding is a chord ("Mod+k", "Shift+z", "?", "Enter") or two chords after one another ("g l").
 * "Mod" is Ctrl, or ⌘ on Apple's machines.
 */

/** What of a KeyboardEvent matters here. */
export interface Press {
  key: string;
  code?: string;
  ctrlKey?: boolean;
  metaKey?: boolean;
  altKey?: boolean;
  shiftKey?: boolean;
}

const MODIFIERS = new Set([
  "Control",
  "Meta",
  "Alt",
  "Shift",
  "CapsLock",
  "AltGraph",
  "Fn",
  "Dead",
  "Process",
]);

/**
 * The chords that a press may mean, the likeliest first: what is written on the key, then where the key stands
 * (so that S works on a Greek keyboard and 1 on a French one). Empty for a bare modifier.
 */
export function chords(press: Press): string[] {
  if (MODIFIERS.has(press.key) || press.key === "Unidentified") return [];
  const named = press.key.length > 1 || press.key === " ";
  const prefix = (press.ctrlKey || press.metaKey ? "Mod+" : "") + (press.altKey ? "Alt+" : "");
  const written = press.key === " " ? "Space" : named ? press.key : press.key.toLowerCase();
  // Shift is part of how "?" is typed, but it is a modifier of letters and of named keys.
  const letter = /^\p{L}$/u.test(press.key);
  const found = [prefix + (press.shiftKey && (named || letter) ? "Shift+" : "") + written];
  const place = /^(?:Key([A-Z])|Digit(\d))$/.exec(press.code ?? "");
  const foreign = press.key.length === 1 && !/[a-z0-9]/i.test(press.key);
  if (place?.[1] && foreign && letter)
    found.push(`${prefix}${press.shiftKey ? "Shift+" : ""}${place[1].toLowerCase()}`);
  else if (place?.[2] && foreign && !press.shiftKey) found.push(prefix + place[2]);
  return found;
}

/** One spelling for equal bindings: "ctrl+K" → "Mod+k". */
export function normal(binding: string): string {
  return binding
    .trim()
    .split(/\s+/)
    .map((chord) => {
      const parts = chord === "+" ? ["+"] : chord.split("+").map((p) => p || "+");
      const key = parts.pop() ?? "";
      const has = (...names: string[]) => parts.some((p) => names.includes(p.toLowerCase()));
      const order = [
        has("mod", "ctrl", "cmd", "control", "meta") && "Mod",
        has("alt", "option") && "Alt",
        has("shift") && "Shift",
      ].filter(Boolean);
      const spelt = key.length === 1 ? key.toLowerCase() : (key[0]?.toUpperCase() ?? "") + key.slice(1);
      return [...order, spelt].join("+");
    })
    .join(" ");
}

/** Whether two bindings get in each other's way: equal, or one is the beginning of the other. */
export function clash(a: string, b: string): boolean {
  const [x, y] = [normal(a), normal(b)];
  return x === y || x.startsWith(`${y} `) || y.startsWith(`${x} `);
}

const SHOWN: Record<string, string> = {
  Escape: "Esc",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Enter: "Enter",
  Shift: "⇧",
};

/** The keys to print, one string per key cap: "Mod+k" → ["Ctrl", "K"]. */
export function caps(binding: string, apple = false): string[] {
  return normal(binding)
    .split(" ")
    .flatMap((chord) => (chord === "+" ? ["+"] : chord.split("+").map((p) => p || "+")))
    .map((p) =>
      p === "Mod" ? (apple ? "⌘" : "Ctrl") : (SHOWN[p] ?? (p.length === 1 ? p.toUpperCase() : p)),
    );
}
