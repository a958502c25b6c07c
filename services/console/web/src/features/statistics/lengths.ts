const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** How long something lasted, in seconds, in the two largest units that say something. */
export function lengthText(seconds: number, locale: string): string {
  const found: string[] = [];
  let left = Math.round(seconds);
  for (const [unit, length] of UNITS) {
    const whole = Math.floor(left / length);
    if (whole > 0 && found.length < 2) {
      found.push(text(whole, unit, locale));
      left -= whole * length;
    } else if (found.length > 0) break;
  }
  if (found.length < 2 && seconds < 3_600 && (left > 0 || found.length === 0)) found.push(text(left, "second", locale));
  return found.join(" ");
}

function text(count: number, unit: string, locale: string): string {
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(count);
}
