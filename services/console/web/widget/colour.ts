/** The site's colour, and which of black and white is read better upon it: one of them always has 4.5 : 1. */
const DEFAULT = "#0b6e75";

export function coloursOf(wanted: string | undefined): { back: string; front: string } {
  const back = wanted && CSS.supports("color", wanted) ? wanted : DEFAULT;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const paint = canvas.getContext("2d");
  if (!paint) return { back: DEFAULT, front: "#fff" };
  paint.fillStyle = back;
  paint.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, opaque = 0] = paint.getImageData(0, 0, 1, 1).data;
  if (opaque < 255) return { back: DEFAULT, front: "#fff" };
  return { back, front: frontOn(red, green, blue) };
}

/** By WCAG's relative luminance. */
export function frontOn(red: number, green: number, blue: number): string {
  const linear = (part: number) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? "#fff" : "#000";
}
