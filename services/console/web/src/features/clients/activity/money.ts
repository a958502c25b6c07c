/** An amount as its currency is written; as it came where the browser knows no such currency. */
export function moneyText(amount: string, currency: string, locale: string): string {
  try {
    // A decimal text is formatted as it stands: as a number it would lose its last digits.
    return new Intl.NumberFormat(locale, { style: "currency", currency }).format(amount as unknown as number);
  } catch {
    return `${amount} ${currency}`;
  }
}
