/** Keys of answers: 1 to 9, then the letters that no command uses; later labels are found by name. */

const LETTERS = "acdejklmnoprtvwxy"; // without b f g h i q s u z: commands of the label view

export function labelKeys(n: number): (string | null)[] {
  const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", ...LETTERS];
  return Array.from({ length: n }, (_, i) => keys[i] ?? null);
}
